import { useQuery } from '@tanstack/react-query'
import { Button, Popconfirm, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { agentText, sessionsQuery, type SessionRow } from './sessions-api.ts'

/** Where the own account is signed in; a session that is not known is ended here. */
export function SessionsPanel() {
  const { t } = useTranslation('console')
  const format = useFormat()
  const sessions = useQuery(sessionsQuery)
  const refresh = [sessionsQuery.queryKey]
  const end = useCommand<string, unknown>({
    run: (id, idempotencyKey) => api.delete(`/api/me/sessions/${id}`, { idempotencyKey }),
    refresh,
  })
  const endOthers = useCommand<void, unknown>({
    run: (_, idempotencyKey) => api.delete('/api/me/sessions', { idempotencyKey }),
    refresh,
  })
  const others = sessions.data?.sessions.some(({ current }) => !current) === true
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('sessions.title')}</h2>
        <span className="muted">{t('sessions.lead')}</span>
        <span className="push">
          {others && (
            <Popconfirm title={t('sessions.end-others-ask')} onConfirm={() => endOthers.mutate()}>
              <Button size="small" danger loading={endOthers.isPending}>
                {t('sessions.end-others')}
              </Button>
            </Popconfirm>
          )}
        </span>
      </div>
      <Shown query={sessions} rows={3}>
        {(data) => (
          <Table<SessionRow>
            size="small"
            rowKey="id"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 10, hideOnSinglePage: true }}
            dataSource={[...data.sessions]}
            columns={[
              {
                title: t('sessions.where'),
                render: (_, { userAgent }) => <span title={userAgent}>{agentText(userAgent)}</span>,
              },
              { title: t('audit.from'), render: (_, { ip }) => <span className="mono">{ip}</span> },
              { title: t('sessions.since'), render: (_, { createdAt }) => format.short(createdAt) },
              { title: t('sessions.seen'), render: (_, { seenAt }) => <AgeText at={seenAt} /> },
              { title: t('tokens.until'), render: (_, { expiresAt }) => format.short(expiresAt) },
              {
                title: '',
                align: 'right',
                render: (_, { id, current }) =>
                  current ? (
                    <strong>● {t('sessions.current')}</strong>
                  ) : (
                    <Button
                      size="small"
                      danger
                      loading={end.isPending && end.variables === id}
                      onClick={() => end.mutate(id)}
                    >
                      {t('sessions.end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Shown>
    </section>
  )
}
