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
import { Navigation, NAVIGATION } from './navigation.tsx'
import { PageLoading } from './page-loading.tsx'
import './shell.css'

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
        <Navigation rows={shown} path={path} />
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
