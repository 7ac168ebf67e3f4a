import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import type { ResultsAsked } from '../../capabilities/analysis/console/results-api.ts'
import type { PeriodKind } from '../../capabilities/analysis/core/index.ts'
import { problemOf } from '../../foundation/ui/api/problem.ts'
import { districtQuery, meQuery } from '../../foundation/ui/session/session.tsx'
import { Crash, Missing } from './shell/crash.tsx'
import { PageLoading } from './shell/page-loading.tsx'
import { Shell } from './shell/shell.tsx'

/** A word of the address. The router reads `123` as a number; a token may well look like one. */
const text = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined

const word = (search: Record<string, unknown>, name: string) => {
  const value = text(search[name])
  return value === undefined ? {} : { [name]: value }
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ notFoundComponent: Missing })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; ended?: boolean } => ({
    ...(text(search['to']) === undefined ? {} : { to: text(search['to'])! }),
    ...(search['ended'] === true ? { ended: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } => {
    const token = text(search['token'])
    return token === undefined ? {} : { token }
  },
  component: lazyRouteComponent(() => import('./sign-in/setup-page.tsx'), 'SetupPage'),
})

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('./sign-in/second-factor-page.tsx'), 'SecondFactorPage'),
})

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  async beforeLoad({ context, location }) {
    const me = await context.queries.ensureQueryData(meQuery).catch((error: unknown) => {
      if (problemOf(error).status === 401) throw redirect({ to: '/sign-in', search: { to: location.href } })
      throw error
    })
    if (me.mustEnrolSecondFactor) throw redirect({ to: '/second-factor' })
    void context.queries.prefetchQuery(districtQuery)
  },
  component: Shell,
})

const live = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad({ context }) {
    const me = context.queries.getQueryData(meQuery.queryKey)
    if (me && !('incident.read' in me.permissions)) throw redirect({ to: '/admin' })
  },
  validateSearch: (search: Record<string, unknown>): { unit?: string; incident?: string } => ({
    ...(text(search['unit']) === undefined ? {} : { unit: text(search['unit'])! }),
    ...(text(search['incident']) === undefined ? {} : { incident: text(search['incident'])! }),
  }),
  component: lazyRouteComponent(() => import('./live.tsx'), 'Live'),
})

const intake = createRoute({
  getParentRoute: () => shell,
  path: '/intake',
  component: lazyRouteComponent(
    () => import('../../capabilities/incident/console/intake-page.tsx'),
    'IntakePage',
  ),
})

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  component: lazyRouteComponent(
    () => import('../../capabilities/incident/console/incidents-page.tsx'),
    'IncidentsPage',
  ),
})

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(
    () => import('../../capabilities/dispatch/console/incident-page.tsx'),
    'IncidentPage',
  ),
})

const report = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$incidentId/report',
  component: lazyRouteComponent(
    () => import('../../capabilities/dispatch/console/report-page.tsx'),
    'ReportPage',
  ),
})

const force = createRoute({
  getParentRoute: () => shell,
  path: '/force',
  component: lazyRouteComponent(() => import('../../capabilities/force/console/force-page.tsx'), 'ForcePage'),
})

const roster = createRoute({
  getParentRoute: () => shell,
  path: '/roster',
  validateSearch: (search: Record<string, unknown>): { roster?: string; day?: string } => ({
    ...word(search, 'roster'),
    ...(/^\d{4}-\d\d-\d\d$/.test(text(search['day']) ?? '') ? { day: text(search['day'])! } : {}),
  }),
  component: lazyRouteComponent(
    () => import('../../capabilities/roster/console/roster-page.tsx'),
    'RosterPage',
  ),
})

const rosterPatterns = createRoute({
  getParentRoute: () => shell,
  path: '/roster/patterns',
  validateSearch: (search: Record<string, unknown>): { part?: string } => word(search, 'part'),
  component: lazyRouteComponent(
    () => import('../../capabilities/roster/console/patterns/patterns-page.tsx'),
    'PatternsPage',
  ),
})

const rosterPreview = createRoute({
  getParentRoute: () => shell,
  path: '/roster/preview',
  component: lazyRouteComponent(
    () => import('../../capabilities/roster/console/preview/preview-page.tsx'),
    'PreviewPage',
  ),
})

const myRoster = createRoute({
  getParentRoute: () => shell,
  path: '/my-roster',
  component: lazyRouteComponent(
    () => import('../../capabilities/roster/console/mine/my-roster-page.tsx'),
    'MyRosterPage',
  ),
})

const activation = createRoute({
  getParentRoute: () => shell,
  path: '/activation',
  component: lazyRouteComponent(
    () => import('../../capabilities/board/console/activation-page.tsx'),
    'ActivationPage',
  ),
})

const analysis = createRoute({
  getParentRoute: () => shell,
  path: '/analysis',
  component: lazyRouteComponent(
    () => import('../../capabilities/analysis/console/analysis-page.tsx'),
    'AnalysisPage',
  ),
})

const orders = createRoute({
  getParentRoute: () => shell,
  path: '/orders',
  validateSearch: (search: Record<string, unknown>): { new?: string; order?: string } => {
    // What looks like JSON the router has read already.
    const asked = typeof search['new'] === 'object' ? JSON.stringify(search['new']) : text(search['new'])
    const order = text(search['order'])
    return {
      ...(asked === undefined ? {} : { new: asked }),
      ...(order === undefined ? {} : { order }),
    }
  },
  component: lazyRouteComponent(
    () => import('../../capabilities/patrol/console/orders-page.tsx'),
    'OrdersPage',
  ),
})

const myOrders = createRoute({
  getParentRoute: () => shell,
  path: '/my-orders',
  component: lazyRouteComponent(
    () => import('../../capabilities/patrol/console/my-orders-page.tsx'),
    'MyOrdersPage',
  ),
})

const PERIOD_KINDS: readonly PeriodKind[] = ['week', 'month', 'quarter', 'custom']

/** What is compared with what; an address that somebody mangled asks what the page asks by itself. */
const results = createRoute({
  getParentRoute: () => shell,
  path: '/results',
  validateSearch: (search: Record<string, unknown>): Partial<ResultsAsked> => ({
    ...(PERIOD_KINDS.some((kind) => kind === search['period'])
      ? { period: search['period'] as PeriodKind }
      : {}),
    ...(search['by'] === 'category' ? { by: 'category' } : {}),
    ...(search['chosen'] === true ? { chosen: true } : {}),
    ...word(search, 'from'),
    ...word(search, 'until'),
    ...word(search, 'place'),
    ...word(search, 'category'),
  }),
  component: lazyRouteComponent(
    () => import('../../capabilities/patrol/console/results-page.tsx'),
    'ResultsWithOrders',
  ),
})

const feedbackGuard = createRoute({
  getParentRoute: () => shell,
  path: '/feedback-guard',
  component: lazyRouteComponent(
    () => import('../../capabilities/analysis/console/feedback-page.tsx'),
    'FeedbackPage',
  ),
})

const sync = createRoute({
  getParentRoute: () => shell,
  path: '/sync',
  component: lazyRouteComponent(() => import('../../capabilities/patrol/console/sync-page.tsx'), 'SyncPage'),
})

const replay = createRoute({
  getParentRoute: () => shell,
  path: '/replay',
  component: lazyRouteComponent(
    () => import('../../capabilities/dispatch/console/replay-page.tsx'),
    'ReplayPage',
  ),
})

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  validateSearch: (search: Record<string, unknown>): { part?: string } => {
    const part = text(search['part'])
    return part === undefined ? {} : { part }
  },
  component: lazyRouteComponent(() => import('./admin/admin-page.tsx'), 'AdminPage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
})

const tree = root.addChildren([
  signIn,
  setup,
  secondFactor,
  shell.addChildren([
    live,
    intake,
    incidents,
    incident,
    report,
    force,
    roster,
    rosterPatterns,
    rosterPreview,
    myRoster,
    activation,
    analysis,
    orders,
    myOrders,
    results,
    feedbackGuard,
    sync,
    replay,
    admin,
    account,
  ]),
])

/** All pages of the console, each loaded when first opened. */
export function consoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: Crash,
    defaultPendingMs: 150,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof consoleRouter>
  }
}
