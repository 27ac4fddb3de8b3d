import { Loader } from '@mantine/core'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Failure } from '~/parts/states'
import { Live } from '~/state/live'
import { useSession } from '~/state/session'
import { Shell } from './shell'

// Everything behind the sign-in form.
export function SignedIn() {
  const session = useSession()
  if (session.isPending) return <Loader size="sm" m="xl" aria-label="Loading" />
  if (session.data === undefined)
    return <Failure error={session.error} retry={() => void session.refetch()} what="The console did not answer" />
  if (session.data === null) return <ToSignIn />
  return (
    <Live>
      <Shell session={session.data}>
        <Outlet />
      </Shell>
    </Live>
  )
}

// Goes to the sign-in form once, and remembers the address that was asked for: while the form loads, the location is
// already another one.
function ToSignIn() {
  const navigate = useNavigate()
  const { pathname, searchStr } = useLocation()
  const [next] = useState(pathname + searchStr)
  useEffect(() => {
    void navigate({ to: '/sign-in', search: next === '/' || next === '/devices' ? {} : { next }, replace: true })
  }, [navigate, next])
  return null
}
