import { distanceMetres, type Position } from '../../../foundation/core/geo.ts'
import { proposeDosage, type Evidence, type OrderRules } from '../core/index.ts'
import type { ContentRow } from './orders-api.ts'

/** A draft on the screen that nobody has stored yet. */
export interface NewOrder {
  /** On this screen only. */
  readonly key: string
  readonly content: ContentRow
}

/** A stop of a run as the page of the analysis names it: `RUN:SHIFT:RANK`. */
export interface StopNamed {
  readonly runId: string
  readonly shift: number
  readonly rank: number
}

/** What `/orders?new=` may carry: stops of runs, or contents as JSON, each as far as it is known. */
export type NewAsked =
  | { readonly kind: 'stops'; readonly stops: readonly StopNamed[] }
  | { readonly kind: 'contents'; readonly contents: readonly PartialContent[] }

/** Reads the address; null where it says neither. */
export function readNew(text: string): NewAsked | null {
  if (/^\s*\[/.test(text)) {
    try {
      const contents: unknown = JSON.parse(text)
      const isList = Array.isArray(contents) && contents.length > 0
      const areObjects = isList && contents.every((one) => typeof one === 'object' && one !== null)
      return areObjects ? { kind: 'contents', contents: contents as PartialContent[] } : null
    } catch {
      return null
    }
  }
  const stops = text.split(',').map((part) => /^([\w-]+):(\d+):(\d+)$/.exec(part.trim()))
  if (stops.some((found) => found === null)) return null
  return {
    kind: 'stops',
    stops: stops.map((found) => ({ runId: found![1]!, shift: Number(found![2]), rank: Number(found![3]) })),
  }
}

/** The plan of a run as far as drafts are made of it. */
export interface PlanRead {
  readonly run: { readonly parameters: { readonly discRadiusMetres: number } }
  readonly shifts: readonly {
    readonly fromAt: string
    readonly untilAt: string
    readonly stops: readonly {
      readonly rank: number
      readonly position: Position
      readonly expected: number
      readonly low: number
      readonly high: number
    }[]
  }[]
}

export interface Surroundings {
  readonly now: number
  readonly rules: OrderRules
  /** Minutes after midnight on the district's clock. */
  minuteOf(at: number): number
}

const DAY = 86_400_000
const MINUTES_A_DAY = 1440

/** The draft of a stop: its place, its shift as the band, a dosage for what is expected there; null where the plan has no such stop. */
export function draftOfStop(
  { runId, shift, rank }: StopNamed,
  plan: PlanRead,
  reason: string,
  { now, rules, minuteOf }: Surroundings,
): ContentRow | null {
  const planned = plan.shifts[shift]
  const stop = planned?.stops.find((one) => one.rank === rank)
  if (!planned || !stop) return null
  const { expected, low, high } = stop
  const fromAt = Date.parse(planned.fromAt)
  const untilAt = Date.parse(planned.untilAt)
  const fromMinute = minuteOf(fromAt)
  const minutes = Math.min(MINUTES_A_DAY, Math.round((untilAt - fromAt) / 60_000))
  const startsAt = Math.max(now, fromAt)
  // A shift that is over comes again tomorrow.
  const expiresAt = untilAt > now ? untilAt : untilAt + Math.ceil((now - untilAt + 1) / DAY) * DAY
  const evidence: Evidence = { kind: 'stop', runId, shift, rank, expected, low, high }
  return {
    place: { ...rounded(stop.position), radiusMetres: plan.run.parameters.discRadiusMetres, label: '' },
    category: null,
    startsAt: new Date(Math.min(startsAt, expiresAt - 60_000)).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    band: { fromMinute, untilMinute: fromMinute + minutes, weekdays: [] },
    dosage: proposeDosage(minutes, expected, rules),
    reason,
    evidence: [evidence],
    unitIds: [],
  }
}

/** What another page knows of an order; a stop among its evidence may come without its counts. */
export type PartialContent = Partial<Omit<ContentRow, 'evidence'>> & {
  readonly evidence?: readonly (Evidence | (StopNamed & { readonly kind: 'stop' }))[]
}

/**
 * A whole draft of what another page knows: a stop's counts from its plan, hours within the day, a dosage for the hours
 * and the counts, and tomorrow's hours where today's are over.
 */
export function completed(
  content: PartialContent,
  plans: ReadonlyMap<string, PlanRead | null>,
  stopReason: (stop: StopNamed) => string,
  centre: Position,
  around: Surroundings,
): ContentRow {
  const blank = blankContent(content.place ?? centre, around)
  const evidence = (content.evidence ?? []).flatMap((one): Evidence[] => {
    if (one.kind !== 'stop' || 'expected' in one) return [one as Evidence]
    const stop = plans.get(one.runId)?.shifts[one.shift]?.stops.find(({ rank }) => rank === one.rank)
    return stop ? [{ ...one, expected: stop.expected, low: stop.low, high: stop.high }] : []
  })
  const stop = evidence.find((one) => one.kind === 'stop')
  const given = content.band ?? blank.band
  const daysLater = Math.floor(given.fromMinute / MINUTES_A_DAY) * MINUTES_A_DAY
  const band = {
    ...given,
    fromMinute: given.fromMinute - daysLater,
    untilMinute: Math.min(given.untilMinute - daysLater, given.fromMinute - daysLater + MINUTES_A_DAY),
  }
  const lasted = Date.parse(content.expiresAt ?? blank.expiresAt)
  const isOver = lasted <= around.now
  const expiresAt = isOver ? lasted + Math.ceil((around.now - lasted + 1) / DAY) * DAY : lasted
  const startsAt = Math.max(around.now, Date.parse(content.startsAt ?? blank.startsAt))
  return {
    ...blank,
    ...content,
    place: { ...blank.place, ...content.place },
    startsAt: new Date(Math.min(startsAt, expiresAt - 60_000)).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    band,
    dosage:
      content.dosage ??
      proposeDosage(band.untilMinute - band.fromMinute, stop?.expected ?? null, around.rules),
    reason: content.reason ?? (stop ? stopReason(stop) : ''),
    evidence,
  }
}

/** A draft with nothing known but the place: this evening's hours for three days. */
export function blankContent(position: Position, { now, rules }: Surroundings): ContentRow {
  const band = { fromMinute: 20 * 60, untilMinute: 24 * 60, weekdays: [] }
  return {
    place: { ...rounded(position), radiusMetres: 85, label: '' },
    category: null,
    startsAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 3 * DAY).toISOString(),
    band,
    dosage: proposeDosage(band.untilMinute - band.fromMinute, null, rules),
    reason: '',
    evidence: [],
    unitIds: [],
  }
}

/** A hundred-thousandth of a degree is a metre. */
export function rounded({ lon, lat }: Position): Position {
  return { lon: Math.round(lon * 1e5) / 1e5, lat: Math.round(lat * 1e5) / 1e5 }
}

/** The unit heard of nearest to a place, by the straight line. */
export function nearestUnit(
  place: Position,
  units: readonly (Position & { readonly id: string })[],
): string | null {
  return (
    units.toSorted((a, b) => distanceMetres(a, place) - distanceMetres(b, place) || (a.id < b.id ? -1 : 1))[0]
      ?.id ?? null
  )
}
