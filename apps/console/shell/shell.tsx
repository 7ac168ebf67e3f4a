import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { ShortcutOverlay, useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { live } from '../../../foundation/ui/live/live.ts'
import { useDistrict, useMay, useMe } from '../../../foundation/ui/session/session.tsx'
import { districtTimeZone } from '../../../foundation/ui/time/format.ts'
import { themeChoice } from '../../../foundation/ui/theme/theme.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Banners } from './banners.tsx'
import { Clock } from './clock.tsx'
import { Connection } from './connection.tsx'
import { startFreshness } from './freshness.ts'
import { PageLoading } from './page-loading.tsx'
import './shell.css'

interface NavigationRow {
  readonly to:
    | '/'
    | '/intake'
    | '/incidents'
    | '/force'
    | '/activation'
    | '/analysis'
    | '/orders'
    | '/my-orders'
    | '/sync'
    | '/results'
    | '/replay'
    | '/admin'
  readonly name: string
  readonly keys: string
  /** Any one of these shows the page. */
  readonly permissions: readonly string[]
  /** For accounts of officers: a crew's own page. */
  readonly ofOfficer?: true
}

const NAVIGATION: readonly NavigationRow[] = [
  { to: '/', name: 'live', keys: 'g l', permissions: ['incident.read'] },
  { to: '/intake', name: 'intake', keys: 'n', permissions: ['incident.report'] },
  { to: '/incidents', name: 'incidents', keys: 'g i', permissions: ['incident.read'] },
  { to: '/force', name: 'force', keys: 'g f', permissions: ['force.read'] },
  { to: '/activation', name: 'activation', keys: 'g p', permissions: ['board.read'] },
  { to: '/analysis', name: 'analysis', keys: 'g y', permissions: ['analysis.read'] },
  { to: '/orders', name: 'orders', keys: 'g o', permissions: ['patrol.read-orders'] },
  {
    to: '/my-orders',
    name: 'my-orders',
    keys: 'g m',
    permissions: ['patrol.read-own-orders'],
    ofOfficer: true,
  },
  { to: '/results', name: 'results', keys: 'g e', permissions: ['analysis.read'] },
  { to: '/sync', name: 'sync', keys: 'g s', permissions: ['patrol.read-sync'] },
  { to: '/replay', name: 'replay', keys: 'g r', permissions: ['location.read-tracks'] },
  { to: '/admin', name: 'admin', keys: 'g a', permissions: [] },
]

/** The frame around every page behind the sign-in. */
export function Shell() {
  const { t, i18n } = useTranslation('console')
  const may = useMay()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const district = useDistrict()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { officerId } = useMe()
  const shown = NAVIGATION.filter(
    ({ permissions, ofOfficer }) =>
      (permissions.length === 0 || permissions.some(may)) && (!ofOfficer || officerId !== null),
  )

  useEffect(() => {
    live.start()
    const end = startFreshness(queries)
    return () => {
      end()
      live.stop()
    }
  }, [queries])

  useEffect(
    () =>
      api.signedOut.subscribe(() => {
        // Already on the way there: this frame stands until the page is loaded, and several readings end at once.
        if (location.pathname === '/sign-in') return
        queries.removeQueries({ queryKey: ['me'] })
        void navigate({ to: '/sign-in', search: { to: location.pathname + location.search, ended: true } })
      }),
    [navigate, queries],
  )

  useEffect(() => {
    if (district) districtTimeZone.set(district.timeZone)
  }, [district])

  useShortcuts([
    ...shown.map(({ to, name, keys }) => ({
      keys,
      label: `console:keys.${name}`,
      group: 'ui:keys.go',
      run: () => void navigate({ to }),
    })),
    {
      keys: 'alt+t',
      label: 'console:theme.toggle',
      group: 'ui:keys.everywhere',
      inFields: true,
      run: () => themeChoice.set(themeChoice.get() === 'dark' ? 'light' : 'dark'),
    },
  ])

  return (
    <div className="shell">
      <a className="shell-skip" href="#main">
        {t('skip')}
      </a>
      <header className="shell-top">
        <Link to="/" className="shell-brand" aria-label={t('product')}>
          <img src="/icon.svg" width="24" height="24" alt="" />
          <strong>{t('product')}</strong>
          {district && (
            <span className="shell-district">{i18n.language === 'en' ? district.nameEn : district.name}</span>
          )}
          {district?.generated && (
            <span className="shell-demo" title={t('banner.demo')}>
              {t('demo')}
            </span>
          )}
        </Link>
        <nav aria-label={t('nav.label')}>
          {shown.map(({ to, name }) => (
            <Link
              key={to}
              to={to}
              data-active={to === '/' ? path === '/' : path.startsWith(to)}
              aria-current={(to === '/' ? path === '/' : path.startsWith(to)) ? 'page' : undefined}
            >
              {t(`nav.${name}`)}
            </Link>
          ))}
        </nav>
        <div className="shell-status">
          <Connection />
          <Clock />
          <AccountMenu />
        </div>
      </header>
      <Banners />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<PageLoading />}>
          <Outlet />
        </Suspense>
      </main>
      <ShortcutOverlay />
    </div>
  )
}
