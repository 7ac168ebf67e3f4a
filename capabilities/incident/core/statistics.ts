import type { Instant } from '../../../foundation/core/instant.ts'
import { responseTimes, type ResponseTimes } from './after-action.ts'
import { isUnitEvent, type Incident, type TimelineEntry } from './incident.ts'
import { LEVELS, type Level } from './level.ts'
import { ORIGINS, type Origin } from './types.ts'

/** One incident in figures, read off its timeline. Kept so that a month can be counted without reading every timeline. */
export interface IncidentSummary extends ResponseTimes {
  readonly incidentId: string
  readonly organisationId: string | null
  readonly typeCode: string
  readonly origin: Origin
  readonly level: Level | null
  readonly status: Incident['status']
  readonly openedAt: Instant
  readonly isHourDrawn: boolean
  readonly unitCount: number
  readonly chaseCount: number
  readonly isOverridden: boolean
  readonly isReopened: boolean
}

export function summarise(incident: Incident, timeline: readonly TimelineEntry[]): IncidentSummary {
  const events = timeline.map(({ event }) => event)
  const handled = events.filter(
    (event) => isUnitEvent(event) && (event.type === 'unit-ordered' || event.type === 'unit-promoted'),
  )
  return {
    ...responseTimes(timeline),
    incidentId: incident.id,
    organisationId: incident.organisationId,
    typeCode: incident.typeCode,
    origin: incident.origin,
    level: incident.level,
    status: incident.status,
    openedAt: incident.openedAt,
    isHourDrawn: incident.isHourDrawn,
    unitCount: handled.length,
    chaseCount: events.filter(({ type }) => type === 'unit-chased').length,
    isOverridden: events.some(({ type }) => type === 'level-overridden'),
    isReopened: events.some(({ type }) => type === 'reopened'),
  }
}

export interface IncidentStatistics {
  /** Merged incidents are counted with the one they were merged into, so not here. */
  readonly count: number
  readonly byLevel: Readonly<Record<Level | 'ungraded', number>>
  readonly byOrigin: Readonly<Record<Origin, number>>
  readonly byType: readonly { readonly typeCode: string; readonly count: number }[]
  readonly overrideShare: number | null
  readonly reopenedCount: number
  readonly hourDrawnCount: number
  /** Opened to first arrival, over the incidents that anyone reached; null where none was. */
  readonly responseSeconds: {
    readonly count: number
    readonly p50: number
    readonly p90: number
    readonly mean: number
  } | null
}

export function statisticsOf(summaries: readonly IncidentSummary[]): IncidentStatistics {
  const counted = summaries.filter(({ status }) => status !== 'merged')
  const graded = counted.filter(({ level }) => level !== null)
  const countWhere = (test: (summary: IncidentSummary) => boolean) => counted.filter(test).length
  const response = counted
    .flatMap(({ toFirstArrivalSeconds }) => toFirstArrivalSeconds ?? [])
    .toSorted((a, b) => a - b)
  return {
    count: counted.length,
    byLevel: {
      ...(Object.fromEntries(
        LEVELS.map((level) => [level, countWhere((each) => each.level === level)]),
      ) as Record<Level, number>),
      ungraded: counted.length - graded.length,
    },
    byOrigin: Object.fromEntries(
      ORIGINS.map((origin) => [origin, countWhere((each) => each.origin === origin)]),
    ) as Record<Origin, number>,
    byType: countByType(counted),
    overrideShare:
      graded.length === 0 ? null : countWhere(({ isOverridden }) => isOverridden) / graded.length,
    reopenedCount: countWhere(({ isReopened }) => isReopened),
    hourDrawnCount: countWhere(({ isHourDrawn }) => isHourDrawn),
    responseSeconds:
      response.length === 0
        ? null
        : {
            count: response.length,
            p50: quantile(response, 0.5),
            p90: quantile(response, 0.9),
            mean: response.reduce((sum, each) => sum + each, 0) / response.length,
          },
  }
}

/** Nearest-rank quantile of an ascending list. */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]!
}

/** Most frequent first, equal counts by code. */
function countByType(summaries: readonly IncidentSummary[]): { typeCode: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { typeCode } of summaries) counts.set(typeCode, (counts.get(typeCode) ?? 0) + 1)
  return [...counts]
    .map(([typeCode, count]) => ({ typeCode, count }))
    .toSorted((a, b) => b.count - a.count || (a.typeCode < b.typeCode ? -1 : 1))
}
