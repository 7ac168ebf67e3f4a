import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Input, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { Empty, Failure, Loading } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'

interface Entry {
  readonly id: number
  readonly at: string
  readonly accountId: string | null
  readonly accountName: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string | null
  readonly reason: string | null
  readonly ip: string
  readonly requestId: string
  readonly detail: unknown
}

interface Proof {
  readonly seals: number
  readonly entriesSealed: number
  readonly broken: { readonly sealId: number; readonly firstEntry: number; readonly lastEntry: number } | null
}

/** Who read or changed what, when, why and from where; and the proof that nothing was altered. */
export function AuditAdmin() {
  const { t } = useTranslation('console')
  const format = useFormat()
  const [filter, setFilter] = useState<{ action?: string; subjectId?: string; accountId?: string }>({})
  const pages = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ entries: readonly Entry[]; next: number | null }>(
        '/api/audit',
        { ...filter, before: pageParam, limit: 100 },
        signal,
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const proof = useCommand<void, Proof>({ run: () => api.get('/api/audit/proof') })
  const rows = pages.data?.pages.flatMap((page) => page.entries) ?? []
  const search = (name: 'action' | 'subjectId' | 'accountId') => (value: string) =>
    setFilter(({ [name]: _, ...rest }) => (value.trim() === '' ? rest : { ...rest, [name]: value.trim() }))

  return (
    <>
      <div className="page-head">
        <h1>{t('admin.audit')}</h1>
        <Input.Search
          style={{ width: 200 }}
          allowClear
          placeholder={t('audit.action')}
          aria-label={t('audit.action')}
          onSearch={search('action')}
        />
        <Input.Search
          style={{ width: 240 }}
          allowClear
          placeholder={t('audit.subject-id')}
          aria-label={t('audit.subject-id')}
          onSearch={search('subjectId')}
        />
        <Input.Search
          style={{ width: 240 }}
          allowClear
          placeholder={t('audit.account-id')}
          aria-label={t('audit.account-id')}
          onSearch={search('accountId')}
        />
        <Button className="push" loading={proof.isPending} onClick={() => proof.mutate()}>
          {t('audit.prove')}
        </Button>
      </div>
      {proof.data && (
        <p
          role="status"
          className={proof.data.broken ? 'tone-danger' : 'tone-ok'}
          style={{ marginBottom: 10, fontWeight: 600 }}
        >
          {proof.data.broken
            ? `▲ ${t('audit.broken', { first: proof.data.broken.firstEntry, last: proof.data.broken.lastEntry })}`
            : `✓ ${t('audit.whole', { seals: proof.data.seals, entries: proof.data.entriesSealed })}`}
        </p>
      )}
      <div className="panel">
        {pages.isPending ? (
          <Loading rows={10} />
        ) : pages.data === undefined ? (
          <Failure error={pages.error} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty text={t('audit.none')} />
        ) : (
          <Table<Entry>
            size="small"
            rowKey="id"
            dataSource={rows}
            pagination={false}
            scroll={{ x: 1100 }}
            expandable={{
              expandedRowRender: ({ detail, requestId }) => (
                <pre className="mono" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
                  {JSON.stringify(detail, null, 2)}
                  {`\n${requestId}`}
                </pre>
              ),
            }}
            columns={[
              { title: '#', width: 80, render: (_, { id }) => <span className="mono faint">{id}</span> },
              { title: t('audit.at'), width: 160, render: (_, { at }) => format.moment(at) },
              { title: t('audit.who'), width: 130, dataIndex: 'accountName' },
              { title: t('audit.action'), width: 190, render: (_, { action }) => <code>{action}</code> },
              {
                title: t('audit.subject'),
                render: (_, { subjectKind, subjectId }) => (
                  <span>
                    {subjectKind} <span className="mono faint">{subjectId}</span>
                  </span>
                ),
              },
              { title: t('ui:field.reason'), width: 180, render: (_, { reason }) => reason ?? '—' },
              {
                title: t('audit.from'),
                width: 130,
                render: (_, { ip }) => <span className="mono">{ip}</span>,
              },
            ]}
          />
        )}
        {pages.hasNextPage && (
          <div style={{ padding: 12, textAlign: 'center' }}>
            <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t('ui:action.more')}
            </Button>
          </div>
        )}
      </div>
    </>
  )
}
