import { Loader } from '@mantine/core'
import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { Failure } from '~/parts/states'
import { Live } from '~/state/live'
import { useSession } from '~/state/session'
import { Shell } from './shell'

// Everything behind the sign-in form.
export function SignedIn() {
  const session = useSession()
  const { pathname, searchStr } = useLocation()
  if (session.isPending) return <Loader size="sm" m="xl" aria-label="Loading" />
  if (session.data === undefined)
    return <Failure error={session.error} retry={() => void session.refetch()} what="The console did not answer" />
  if (session.data === null) {
    const next = pathname + searchStr
    return <Navigate to="/sign-in" search={next === '/' || next === '/devices' ? {} : { next }} replace />
  }
  return (
    <Live>
      <Shell session={session.data}>
        <Outlet />
      </Shell>
    </Live>
  )
}
