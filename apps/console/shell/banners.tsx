import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useDistrict } from '../../../foundation/ui/session/session.tsx'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { useDrawnFrom } from '../../../capabilities/incident/console/index.tsx'
import { missedEvents } from './freshness.ts'

/** What everyone has to know about what they see: service down, messages missed, hours drawn. */
export function Banners() {
  const { t } = useTranslation('console')
  const availability = useStore(api.availability)
  const missed = useStore(missedEvents)
  const district = useDistrict()
  const profile = useDrawnFrom()
  useRecovery(availability !== 'up')

  return (
    <div>
      {availability !== 'up' && (
        <div className="banner" data-tone="danger" role="alert">
          <span aria-hidden>▲</span>
          {t(availability === 'down' ? 'banner.down' : 'banner.unreachable')}
        </div>
      )}
      {missed !== null && (
        <div className="banner" data-tone="info" role="status">
          <span aria-hidden>⟳</span>
          {t('banner.reloaded')}
          <button type="button" onClick={() => missedEvents.set(null)} aria-label={t('ui:action.close')}>
            ✕
          </button>
        </div>
      )}
      {district?.hourDrawn && (
        <div className="banner" data-tone="warn" role="note">
          <span aria-hidden>◔</span>
          {t('banner.drawn', { profile })}
        </div>
      )}
    </div>
  )
}

/** Asks every two seconds while the service is away; the first answer takes the banner down by itself. */
function useRecovery(away: boolean): void {
  const [, again] = useState(0)
  useEffect(() => {
    if (!away) return
    const timer = setInterval(() => {
      api.get('/api/me').then(
        () => again((count) => count + 1),
        () => undefined,
      )
    }, 2_000)
    return () => clearInterval(timer)
  }, [away])
}
