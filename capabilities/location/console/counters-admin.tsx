import { useQuery } from '@tanstack/react-query'
import { Segmented, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { COUNTED, type Counted } from '../core/index.ts'
import { countersQuery, type CountersRow } from './location-api.ts'
import './location.css'

const DAY = 86_400_000

/** What became of every position that arrived: stored, flagged, dropped, each by cause. */
export function CountersAdmin() {
  const { t } = useTranslation('location')
  const format = useFormat()
  const [days, setDays] = useState(1)
  // To the minute, so that the key of the query rests between renders.
  const minute = Math.floor(serverNow() / 60_000) * 60_000
  const counters = useQuery(
    countersQuery(new Date(minute - (days - 1) * DAY).toISOString(), new Date(minute).toISOString()),
  )
  return (
    <>
      <div className="page-head">
        <h1>{t('counter.title')}</h1>
        <Segmented<number>
          value={days}
          onChange={setDays}
          options={[1, 7, 30].map((value) => ({ value, label: t('counter.days', { count: value }) }))}
        />
        {counters.data && (
          <span className="muted push">{t('counter.waiting', { count: counters.data.waiting })}</span>
        )}
      </div>
      <Shown query={counters} rows={8}>
        {(data) => (
          <>
            <div className="counters panel">
              {COUNTED.map((cause) => (
                <div key={cause} data-zero={(data.totals[cause] ?? 0) === 0}>
                  <span>{t(`counted.${cause}`)}</span>
                  <strong>{format.number(data.totals[cause] ?? 0)}</strong>
                </div>
              ))}
            </div>
            <div className="panel" style={{ marginTop: 12 }}>
              <Table<CountersRow['devices'][number]>
                size="small"
                rowKey={({ deviceId, code }) => deviceId ?? code}
                dataSource={[...data.devices]}
                pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
                scroll={{ x: true }}
                columns={[
                  { title: t('device.code'), render: (_, { code }) => <span className="mono">{code}</span> },
                  { title: t('device.name'), dataIndex: 'name' },
                  ...used(data).map((cause) => ({
                    title: t(`counted.${cause}`),
                    align: 'right' as const,
                    render: (_: unknown, { counts }: CountersRow['devices'][number]) =>
                      format.number(counts[cause] ?? 0),
                  })),
                ]}
              />
            </div>
          </>
        )}
      </Shown>
    </>
  )
}

const used = (data: CountersRow): readonly Counted[] =>
  COUNTED.filter((cause) => (data.totals[cause] ?? 0) > 0)
