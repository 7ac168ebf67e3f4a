import type { TFunction } from 'i18next'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { TimelineRow } from './incident-api.ts'

const TONES: Readonly<Record<string, 'danger' | 'warn' | 'ok'>> = {
  escalated: 'danger',
  'force-used': 'danger',
  'unit-chased': 'warn',
  'unit-chase-escalated': 'danger',
  'level-overridden': 'warn',
  'unit-arrived': 'ok',
  closed: 'ok',
  reopened: 'warn',
}

/** Everything that happened, in order. With `at`, what comes later is pale: the replay has not got there. */
export function Timeline({
  timeline,
  at,
  onSelect,
}: {
  timeline: readonly TimelineRow[]
  at?: number | undefined
  onSelect?: (moment: number) => void
}) {
  const { t } = useTranslation('incident')
  const format = useFormat()
  const list = useRef<HTMLOListElement>(null)
  const shown = at === undefined ? timeline.length : timeline.filter((row) => Date.parse(row.at) <= at).length

  useEffect(() => {
    if (at !== undefined) list.current?.children[Math.max(0, shown - 1)]?.scrollIntoView({ block: 'nearest' })
  }, [at, shown])

  return (
    <ol className="timeline" ref={list}>
      {timeline.map((row, index) => (
        <li key={row.sequence} data-tone={TONES[row.type]} data-future={index >= shown}>
          <time dateTime={row.at} title={format.moment(row.at)}>
            {format.clock(row.at)}
          </time>
          {onSelect ? (
            <button type="button" className="timeline-jump" onClick={() => onSelect(Date.parse(row.at))}>
              {eventText(row, t)}
            </button>
          ) : (
            <span>{eventText(row, t)}</span>
          )}
          <small>
            {row.accountId === null ? t('by-system') : row.accountName}
            {noteOf(row) !== null && ` — ${noteOf(row)}`}
          </small>
        </li>
      ))}
    </ol>
  )
}

/** One event in words. */
export function eventText({ type, data }: TimelineRow, t: TFunction<'incident'>): string {
  const level = (value: unknown) =>
    typeof value === 'string' ? t(`level.${value}`, { defaultValue: value }) : ''
  const stage = (value: unknown) =>
    typeof value === 'string' ? t(`stage.${value}`, { defaultValue: value }) : ''
  return t(`event.${type}`, {
    ...data,
    level: level(data['level']),
    fromLevel: level(data['from']),
    proposed: level(data['proposed']),
    stage: stage(data['to']),
    role: typeof data['role'] === 'string' ? t(`unit-role.${data['role']}`, { defaultValue: '' }) : '',
    kind: typeof data['kind'] === 'string' ? t(`record.${data['kind']}`, { defaultValue: data['kind'] }) : '',
    cause:
      typeof data['cause'] === 'string' ? t(`release.${data['cause']}`, { defaultValue: data['cause'] }) : '',
    defaultValue: type,
  })
}

function noteOf({ data }: TimelineRow): string | null {
  for (const name of ['reason', 'result', 'text', 'justification', 'note']) {
    const value = data[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return null
}
