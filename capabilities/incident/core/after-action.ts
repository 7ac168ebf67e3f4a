import type { Instant } from '../../../foundation/core/instant.ts'
import {
  isUnitEvent,
  type ForceUse,
  type Incident,
  type MedicalHelp,
  type TimelineEntry,
  type UnitEventData,
} from './incident.ts'
import type { Level } from './level.ts'
import type { Stage } from './stage.ts'

export interface StageSpan {
  readonly stage: Stage
  readonly enteredAt: Instant
  /** Null while it lasts. */
  readonly leftAt: Instant | null
  readonly durationSeconds: number
}

/** One unit's part. Null is «did not happen», never «unknown». */
export interface UnitPart {
  readonly assignmentId: string
  readonly unitId: string
  readonly callSign: string
  readonly role: 'handle' | 'stand-by'
  readonly orderedAt: Instant
  readonly acknowledgedAt: Instant | null
  readonly departedAt: Instant | null
  readonly arrivedAt: Instant | null
  readonly releasedAt: Instant | null
  readonly chaseCount: number
  readonly acknowledgeSeconds: number | null
  readonly travelSeconds: number | null
  readonly onSceneSeconds: number | null
}

export interface LevelStep {
  readonly at: Instant
  readonly by: string
  readonly cause: 'level-confirmed' | 'level-overridden' | 'escalated' | 'de-escalated'
  readonly level: Level
  readonly from: Level | null
  readonly reason: string | null
}

/** The times that a response is judged by, in seconds since the incident was opened; null where it has not come to that. */
export interface ResponseTimes {
  readonly toLevelSeconds: number | null
  readonly toFirstOrderSeconds: number | null
  readonly toFirstAcknowledgementSeconds: number | null
  readonly toFirstDepartureSeconds: number | null
  /** The response time: opened to the first unit on scene. */
  readonly toFirstArrivalSeconds: number | null
  readonly toEndSeconds: number | null
}

export interface AfterActionReport {
  readonly incident: Incident
  readonly writtenAt: Instant
  readonly times: ResponseTimes
  readonly stages: readonly StageSpan[]
  readonly levels: readonly LevelStep[]
  readonly units: readonly UnitPart[]
  readonly orders: {
    readonly ordered: number
    readonly acknowledged: number
    readonly chased: number
    readonly standBy: number
  }
  readonly reportCount: number
  readonly notes: readonly { readonly at: Instant; readonly by: string; readonly text: string }[]
  readonly medicalHelp: readonly (MedicalHelp & { readonly at: Instant; readonly by: string })[]
  readonly forceUses: readonly (ForceUse & { readonly at: Instant; readonly by: string })[]
  readonly timeline: readonly TimelineEntry[]
}

/**
 * The after-action report: everything in it is read off the timeline, nothing is kept a second time.
 * What still lasts is counted up to `now`.
 */
export function afterActionReport(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  now: Instant,
): AfterActionReport {
  const units = unitParts(timeline, now)
  return {
    incident,
    writtenAt: now,
    times: responseTimes(timeline),
    stages: stageSpans(timeline, now),
    levels: levelSteps(timeline),
    units,
    orders: {
      ordered: units.length,
      acknowledged: units.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
      chased: units.filter(({ chaseCount }) => chaseCount > 0).length,
      standBy: units.filter(({ role }) => role === 'stand-by').length,
    },
    reportCount: timeline.filter(({ event }) => event.type === 'opened' || event.type === 'report-attached')
      .length,
    notes: timeline.flatMap(({ at, accountName, event }) =>
      event.type === 'note-added' ? { at, by: accountName, text: event.data.text } : [],
    ),
    medicalHelp: timeline.flatMap(({ at, accountName, event }) =>
      event.type === 'medical-help' ? { at, by: accountName, ...event.data } : [],
    ),
    forceUses: timeline.flatMap(({ at, accountName, event }) =>
      event.type === 'force-used' ? { at, by: accountName, ...event.data } : [],
    ),
    timeline,
  }
}

/** Times to the first of each milestone. A timeline without `opened` gives nulls. */
export function responseTimes(timeline: readonly TimelineEntry[]): ResponseTimes {
  const openedAt = timeline[0]?.at
  const since = (...types: TimelineEntry['event']['type'][]) => {
    const first = timeline.find(({ event }) => types.includes(event.type))
    return first && openedAt !== undefined ? secondsBetween(openedAt, first.at) : null
  }
  const end = timeline.findLast(
    ({ event }) => event.type === 'closed' || event.type === 'merged' || event.type === 'reopened',
  )
  return {
    toLevelSeconds: since('level-confirmed', 'level-overridden'),
    toFirstOrderSeconds: since('unit-ordered', 'unit-promoted'),
    toFirstAcknowledgementSeconds: since('unit-acknowledged'),
    toFirstDepartureSeconds: since('unit-departed'),
    toFirstArrivalSeconds: since('unit-arrived'),
    toEndSeconds:
      end && end.event.type !== 'reopened' && openedAt !== undefined
        ? secondsBetween(openedAt, end.at)
        : null,
  }
}

function secondsBetween(from: Instant, to: Instant): number {
  return Math.round((to - from) / 1000)
}

function stageSpans(timeline: readonly TimelineEntry[], now: Instant): StageSpan[] {
  const steps: { stage: Stage; at: Instant }[] = []
  for (const { at, event } of timeline) {
    if (event.type === 'opened') steps.push({ stage: 'response', at })
    if (event.type === 'stage-changed') steps.push({ stage: event.data.to, at })
    if (event.type === 'closed' || event.type === 'merged') steps.push({ stage: 'closed', at })
    if (event.type === 'reopened')
      steps.push({ stage: steps.findLast(({ stage }) => stage !== 'closed')?.stage ?? 'response', at })
  }
  return steps.map(({ stage, at }, index) => {
    const leftAt = steps[index + 1]?.at ?? null
    const isLasting = leftAt === null && stage !== 'closed'
    return {
      stage,
      enteredAt: at,
      leftAt,
      durationSeconds: secondsBetween(at, leftAt ?? (isLasting ? now : at)),
    }
  })
}

function levelSteps(timeline: readonly TimelineEntry[]): LevelStep[] {
  return timeline.flatMap(({ at, accountName, event }) => {
    switch (event.type) {
      case 'level-confirmed':
        return {
          at,
          by: accountName,
          cause: event.type,
          level: event.data.level,
          from: event.data.from,
          reason: null,
        }
      case 'level-overridden':
      case 'escalated':
      case 'de-escalated':
        return {
          at,
          by: accountName,
          cause: event.type,
          level: event.data.level,
          from: event.data.from,
          reason: event.data.reason,
        }
      default:
        return []
    }
  })
}

interface UnitTimes {
  readonly data: UnitEventData
  readonly orderedAt: Instant
  /** The order that an acknowledgement answers: the first one, or the promotion from stand-by. */
  askedAt: Instant
  role: 'handle' | 'stand-by'
  acknowledgedAt: Instant | null
  departedAt: Instant | null
  arrivedAt: Instant | null
  releasedAt: Instant | null
  chaseCount: number
}

function unitParts(timeline: readonly TimelineEntry[], now: Instant): UnitPart[] {
  const parts = new Map<string, UnitTimes>()
  for (const { at, event } of timeline) {
    if (!isUnitEvent(event)) continue
    const part = parts.get(event.data.assignmentId) ?? startOf(event.data, at)
    parts.set(event.data.assignmentId, part)
    switch (event.type) {
      case 'unit-promoted':
        part.role = 'handle'
        part.askedAt = at
        part.acknowledgedAt = null
        break
      case 'unit-acknowledged':
        part.acknowledgedAt ??= at
        break
      case 'unit-departed':
        part.departedAt ??= at
        break
      case 'unit-arrived':
        part.arrivedAt ??= at
        break
      case 'unit-released':
      case 'unit-transferred':
        part.releasedAt ??= at
        break
      case 'unit-chased':
        part.chaseCount += 1
        break
      default:
    }
  }
  return [...parts.values()].map((part) => ({
    assignmentId: part.data.assignmentId,
    unitId: part.data.unitId,
    callSign: part.data.callSign,
    role: part.role,
    orderedAt: part.orderedAt,
    acknowledgedAt: part.acknowledgedAt,
    departedAt: part.departedAt,
    arrivedAt: part.arrivedAt,
    releasedAt: part.releasedAt,
    chaseCount: part.chaseCount,
    acknowledgeSeconds:
      part.acknowledgedAt === null ? null : secondsBetween(part.askedAt, part.acknowledgedAt),
    travelSeconds:
      part.departedAt === null || part.arrivedAt === null
        ? null
        : secondsBetween(part.departedAt, part.arrivedAt),
    onSceneSeconds: part.arrivedAt === null ? null : secondsBetween(part.arrivedAt, part.releasedAt ?? now),
  }))
}

/** A unit that came over from a merged incident brings the times it already had. */
function startOf(data: UnitEventData, at: Instant): UnitTimes {
  const carried = data['carried'] as Partial<UnitTimes> | undefined
  return {
    data,
    orderedAt: carried?.orderedAt ?? at,
    askedAt: carried?.orderedAt ?? at,
    role: data.role,
    acknowledgedAt: carried?.acknowledgedAt ?? null,
    departedAt: carried?.departedAt ?? null,
    arrivedAt: carried?.arrivedAt ?? null,
    releasedAt: null,
    chaseCount: 0,
  }
}
