import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Crash, NotFound } from '~/parts/states'
import { readApprovalSearch, readDeviceSearch, readGuardrailSearch, readLogPageSearch, readSignInSearch } from './search'
import { SignedIn } from './signed_in'

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Crash })

const sign_in = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('~/pages/sign_in'), 'SignInPage'),
})

const signed_in = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn })

const home = createRoute({
  getParentRoute: () => signed_in,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to: '/devices', replace: true })
  },
})

const devices = createRoute({
  getParentRoute: () => signed_in,
  path: '/devices',
  validateSearch: readDeviceSearch,
  component: lazyRouteComponent(() => import('~/pages/devices'), 'DevicesPage'),
})

const approvals = createRoute({
  getParentRoute: () => signed_in,
  path: '/approvals',
  validateSearch: readApprovalSearch,
  component: lazyRouteComponent(() => import('~/pages/approvals'), 'ApprovalsPage'),
})

const logs = createRoute({
  getParentRoute: () => signed_in,
  path: '/logs',
  validateSearch: readLogPageSearch,
  component: lazyRouteComponent(() => import('~/pages/logs'), 'LogsPage'),
})

const guardrails = createRoute({
  getParentRoute: () => signed_in,
  path: '/guardrails',
  validateSearch: readGuardrailSearch,
  component: lazyRouteComponent(() => import('~/pages/guardrails'), 'GuardrailsPage'),
})

const virtual_keys = createRoute({
  getParentRoute: () => signed_in,
  path: '/virtual-keys',
  component: lazyRouteComponent(() => import('~/pages/virtual_keys'), 'VirtualKeysPage'),
})

const providers = createRoute({
  getParentRoute: () => signed_in,
  path: '/providers',
  component: lazyRouteComponent(() => import('~/pages/providers'), 'ProvidersPage'),
})

const enrolment = createRoute({
  getParentRoute: () => signed_in,
  path: '/enrolment',
  component: lazyRouteComponent(() => import('~/pages/enrolment'), 'EnrolmentPage'),
})

const api_tokens = createRoute({
  getParentRoute: () => signed_in,
  path: '/api-tokens',
  component: lazyRouteComponent(() => import('~/pages/api_tokens'), 'ApiTokensPage'),
})

const system = createRoute({
  getParentRoute: () => signed_in,
  path: '/system',
  component: lazyRouteComponent(() => import('~/pages/system'), 'SystemPage'),
})

// Search parameters are plain text, as people write them: `?app=codex`, not JSON.
export const router = createRouter({
  routeTree: root.addChildren([
    sign_in,
    signed_in.addChildren([
      home,
      devices,
      approvals,
      logs,
      guardrails,
      virtual_keys,
      providers,
      enrolment,
      api_tokens,
      system,
    ]),
  ]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(search)) if (typeof value === 'string') parameters.set(name, value)
    const text = parameters.toString()
    return text === '' ? '' : `?${text}`
  },
  defaultPreload: 'intent',
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
