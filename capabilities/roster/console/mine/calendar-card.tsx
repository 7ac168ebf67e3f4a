import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { SecretOnce } from '../../../../foundation/ui/form/secret-once.tsx'
import { AgeText } from '../../../../foundation/ui/time/age-text.tsx'
import { myRosterQuery } from './mine-api.ts'

/** The address under which a phone's calendar reads one's duties: shown once, and made anew when it is lost. */
export function CalendarCard({ madeAt }: { madeAt: string | null }) {
  const { t, i18n } = useTranslation('roster')
  const [address, setAddress] = useState<string | null>(null)
  const make = useCommand<object, { url: string }>({
    run: (_, idempotencyKey) =>
      api.post('/api/my-roster/calendar', {}, { idempotencyKey, query: { lang: i18n.language } }),
    refresh: [myRosterQuery.queryKey],
    done: ({ url }) => setAddress(new URL(url, location.href).href),
  })
  const drop = useCommand<object, unknown>({
    run: (_, idempotencyKey) => api.delete('/api/my-roster/calendar', { idempotencyKey }),
    refresh: [myRosterQuery.queryKey],
  })
  return (
    <section className="mine-card" aria-label={t('feed.title')}>
      <p>
        <b>{t('feed.title')}</b>
      </p>
      <p className="muted">
        {t('feed.lead')}
        {madeAt !== null && (
          <>
            {' '}
            {t('feed.made')} <AgeText at={madeAt} />
          </>
        )}
      </p>
      <div className="mine-asks">
        {madeAt === null ? (
          <Button size="large" loading={make.isPending} onClick={() => make.mutate({})}>
            {t('feed.make')}
          </Button>
        ) : (
          <>
            <Popconfirm
              title={t('feed.again-ask')}
              okText={t('feed.make')}
              cancelText={t('ui:action.cancel')}
              onConfirm={() => make.mutate({})}
            >
              <Button size="large" loading={make.isPending}>
                {t('feed.again')}
              </Button>
            </Popconfirm>
            <Button size="large" danger loading={drop.isPending} onClick={() => drop.mutate({})}>
              {t('feed.drop')}
            </Button>
          </>
        )}
      </div>
      <SecretOnce
        title={t('feed.title')}
        secret={address}
        hint={t('feed.hint')}
        onClose={() => setAddress(null)}
      />
    </section>
  )
}
