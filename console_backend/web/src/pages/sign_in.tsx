import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Navigate, useSearch } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { asApiError } from '~/api/error'
import { readSignInSearch } from '~/app/search'
import { Icon } from '~/parts/icon'
import { FormFailure } from '~/parts/states'
import { useSession, useSignIn } from '~/state/session'
import classes from './sign_in.module.css'

export function SignInPage() {
  useDocumentTitle('Sign in · Sluice')
  const { next } = readSignInSearch(useSearch({ from: '/sign-in' }))
  const session = useSession()
  const sign_in = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  if (session.data) return <Navigate to={next ?? '/devices'} replace />

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    sign_in.mutate({ email, password })
  }
  const wait = sign_in.error ? asApiError(sign_in.error).retryAfterSeconds : null
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={send}>
        <Stack gap="sm">
          <div className={classes.brand}>
            <Icon name="sluice" size={22} />
            <h1>Sign in to Sluice</h1>
          </div>
          <TextInput
            label="E-mail"
            type="email"
            size="sm"
            autoComplete="username"
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            size="sm"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <FormFailure error={sign_in.error} />
          {wait !== null && <p className={classes.hint}>{`Try again in ${wait} seconds.`}</p>}
          <Button type="submit" size="sm" fullWidth loading={sign_in.isPending}>
            Sign in
          </Button>
          <p className={classes.hint}>
            The first administrator and the password were printed by <code>sluice-console init</code>; <code>./dev up</code>{' '}
            prints them too.
          </p>
        </Stack>
      </form>
    </main>
  )
}
