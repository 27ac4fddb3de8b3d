import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { makeQueryClient } from '~/state/queries'
import { router } from './router'
import { theme } from './theme'

// The whole program: libraries' providers outside, pages inside. Without variables and classes from the provider no
// <style> element is made; styles.css has them.
export function Client() {
  const [queries] = useState(makeQueryClient)
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" limit={4} autoClose={10_000} transitionDuration={120} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
