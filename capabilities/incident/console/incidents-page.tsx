import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Loading, Stale } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useOrganisationName } from '../../force/console/index.tsx'
import { useRested } from '../../place/console/index.tsx'
import { LEVELS, ORIGINS } from '../core/index.ts'
import {
  incidentPagesQuery,
  shownLevel,
  useTypeName,
  type IncidentFilter,
  type IncidentRow,
} from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'

/** Every incident there has been, found by state, level, source and words. */
export function IncidentsPage() {
  const { t } = useTranslation('incident')
  const navigate = useNavigate()
  const format = useFormat()
  const typeName = useTypeName()
  const organisationName = useOrganisationName()
  const [filter, setFilter] = useState<IncidentFilter>({})
  const [words, setWords] = useState('')
  const rested = useRested(words, 250)
  const pages = useInfiniteQuery(incidentPagesQuery({ ...filter, q: rested === '' ? undefined : rested }))
  const rows = pages.data?.pages.flatMap((page) => page.incidents) ?? []
  const choose = (change: IncidentFilter) => setFilter((before) => ({ ...before, ...change }))

  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('incidents.title')}</h1>
        <Input
          allowClear
          style={{ width: 260 }}
          placeholder={t('incidents.search')}
          aria-label={t('incidents.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Select
          allowClear
          style={{ width: 120 }}
          placeholder={t('incidents.status')}
          aria-label={t('incidents.status')}
          options={['open', 'closed', 'merged'].map((value) => ({ value, label: t(`state.${value}`) }))}
          onChange={(status?: IncidentRow['status']) => choose({ status })}
        />
        <Select
          allowClear
          style={{ width: 120 }}
          placeholder={t('incidents.level')}
          aria-label={t('incidents.level')}
          options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
          onChange={(level?: (typeof LEVELS)[number]) => choose({ level })}
        />
        <Select
          allowClear
          style={{ width: 140 }}
          placeholder={t('intake.origin')}
          aria-label={t('intake.origin')}
          options={ORIGINS.map((value) => ({ value, label: t(`origin.${value}`) }))}
          onChange={(origin?: (typeof ORIGINS)[number]) => choose({ origin })}
        />
        <Button type="primary" className="push" onClick={() => void navigate({ to: '/intake' })}>
          {t('incidents.take')}
        </Button>
      </div>
      <div className="panel">
        {pages.error != null && rows.length > 0 && (
          <Stale at={pages.dataUpdatedAt} retry={() => void pages.refetch()} />
        )}
        {pages.isPending ? (
          <Loading rows={10} />
        ) : pages.data === undefined ? (
          <Failure error={pages.error} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty text={t('incidents.none')} />
        ) : (
          <>
            <Table<IncidentRow>
              size="small"
              scroll={{ x: 'max-content' }}
              rowKey="id"
              dataSource={rows}
              pagination={false}
              onRow={({ id }) => ({
                tabIndex: 0,
                style: { cursor: 'pointer' },
                onClick: () => void navigate({ to: '/incidents/$incidentId', params: { incidentId: id } }),
                onKeyDown: (event) => {
                  if (event.key === 'Enter')
                    void navigate({ to: '/incidents/$incidentId', params: { incidentId: id } })
                },
              })}
              columns={[
                { title: '', width: 44, render: (_, incident) => <LevelMark {...shownLevel(incident)} /> },
                {
                  title: t('field.number'),
                  width: 150,
                  render: (_, { number }) => <span className="mono">{number}</span>,
                },
                { title: t('intake.type'), width: 170, render: (_, { typeCode }) => typeName(typeCode) },
                {
                  title: t('intake.place'),
                  ellipsis: true,
                  render: (_, { address }) => address || t('no-address'),
                },
                {
                  title: t('field.organisation'),
                  width: 150,
                  render: (_, { organisationId }) => organisationName(organisationId),
                },
                { title: t('intake.origin'), width: 110, render: (_, { origin }) => t(`origin.${origin}`) },
                {
                  title: t('incidents.status'),
                  width: 120,
                  render: (_, { status, stage }) =>
                    status === 'open' ? t(`stage.${stage}`) : t(`state.${status}`),
                },
                { title: t('field.opened'), width: 130, render: (_, { openedAt }) => format.short(openedAt) },
                { title: t('field.age'), width: 130, render: (_, { openedAt }) => <AgeText at={openedAt} /> },
              ]}
            />
            {pages.hasNextPage && (
              <div style={{ padding: 12, textAlign: 'center' }}>
                <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {t('ui:action.more')}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </div>
  )
}
