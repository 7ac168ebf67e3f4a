import { findDayNumber } from '../../../foundation/core/day.ts'
import { toIso, wallClock, type Instant } from '../../../foundation/core/instant.ts'
import { momentsOf, type FoundWarning, type KeptSeries, type KeptStop } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'
import type { Pick, StopPick } from './picked.ts'

/** The fields of a directed patrol order that an analysis can fill in; whoever drafts it fills in the rest. */
export interface OrderDraft {
  readonly place: {
    readonly lon: number
    readonly lat: number
    readonly radiusMetres: number
    readonly label: string
  }
  readonly category: string | null
  readonly startsAt?: string
  readonly expiresAt?: string
  readonly band?: {
    readonly fromMinute: number
    readonly untilMinute: number
    readonly weekdays: readonly number[]
  }
  readonly reason?: string
  readonly evidence: readonly (
    | { readonly kind: 'stop'; readonly runId: string; readonly shift: number; readonly rank: number }
    | { readonly kind: 'series'; readonly runId: string; readonly seriesId: string; readonly summary: string }
    | {
        readonly kind: 'warning'
        readonly runId: string
        readonly warningId: string
        readonly summary: string
      }
    | { readonly kind: 'written'; readonly text: string }
  )[]
}

/** Places of orders are no smaller and no larger. */
const [LEAST_METRES, MOST_METRES] = [30, 500]
/** A series whose incidents lie at one address still reaches around it. */
const SERIES_METRES = 80
const WARNING_DAYS = 7
const LONGEST_DAYS = 14
const DAY_MILLISECONDS = 86_400_000

export interface Published {
  readonly runId: string
  readonly timeZone: string
  readonly now: Instant
  readonly discRadiusMetres: number
  readonly shifts: readonly ShiftShown[]
  readonly series: readonly KeptSeries[]
  readonly warnings: readonly FoundWarning[]
  readonly words: {
    stop(stop: KeptStop, shift: ShiftShown): string
    /** A stop of another plan than the day's own, which the server cannot look up: all that carries it. */
    stopOf(of: NonNullable<StopPick['of']>): { label: string; text: string }
    series(series: KeptSeries): { label: string; reason: string }
    warning(warning: FoundWarning): { label: string; reason: string }
  }
}

/**
 * What the page of orders is opened with. Stops alone go by their place in the run, so that the server fills in what it
 * knows of them; with a series or a warning among them all go as drafts.
 */
export function newOrders(picks: readonly Pick[], of: Published): string {
  const stops = picks.filter((pick) => pick.kind === 'stop')
  return stops.length === picks.length && stops.every((pick) => pick.of === undefined)
    ? stops.map(({ shift, rank }) => `${of.runId}:${shift}:${rank}`).join(',')
    : JSON.stringify(draftsOf(picks, of))
}

export function draftsOf(picks: readonly Pick[], of: Published): OrderDraft[] {
  return picks.flatMap((pick): OrderDraft[] => {
    if (pick.kind === 'stop') return pick.of ? [draftOfOther(pick.of, of)] : draftOfStop(pick, of)
    if (pick.kind === 'series')
      return of.series.filter(({ id }) => id === pick.id).map((series) => draftOfSeries(series, of))
    return of.warnings.filter(({ id }) => id === pick.id).map((warning) => draftOfWarning(warning, of))
  })
}

function draftOfStop({ shift, rank }: { shift: number; rank: number }, of: Published): OrderDraft[] {
  const plan = of.shifts[shift]
  const stop = plan?.stops.find((each) => each.rank === rank)
  if (!plan || !stop) return []
  const minuteOf = (moment: string) => minuteOfDay(Date.parse(moment), of.timeZone)
  const from = minuteOf(plan.fromAt)
  const until = minuteOf(plan.untilAt)
  return [
    {
      place: placeOf(stop.position, of.discRadiusMetres, of.words.stop(stop, plan)),
      category: null,
      startsAt: plan.fromAt,
      expiresAt: plan.untilAt,
      band: { fromMinute: from, untilMinute: until > from ? until : until + 1440, weekdays: [] },
      evidence: [{ kind: 'stop', runId: of.runId, shift, rank }],
    },
  ]
}

/** Longer than a day, the whole day is its band: whoever drafts it narrows it. */
function draftOfOther(other: NonNullable<StopPick['of']>, of: Published): OrderDraft {
  const { stop, plan, category } = other
  const { label, text } = of.words.stopOf(other)
  const from = minuteOfDay(Date.parse(plan.fromAt), of.timeZone)
  const minutes = (Date.parse(plan.untilAt) - Date.parse(plan.fromAt)) / 60_000
  return {
    place: placeOf(stop.position, of.discRadiusMetres, label),
    category,
    startsAt: plan.fromAt,
    expiresAt: plan.untilAt,
    band: { fromMinute: from, untilMinute: from + Math.min(1440, Math.round(minutes)), weekdays: [] },
    reason: text,
    evidence: [{ kind: 'written', text }],
  }
}

function draftOfSeries(series: KeptSeries, of: Published): OrderDraft {
  const { label, reason } = of.words.series(series)
  const { next } = series
  const until = next
    ? momentsOf(findDayNumber(next.untilDate)!, { fromHour: 0, untilHour: 24 }, of.timeZone)[1]
    : null
  return {
    place: placeOf(series.middle, Math.max(SERIES_METRES, series.radiusMetres), label),
    category: series.category,
    startsAt: toIso(of.now),
    expiresAt: toIso(
      Math.min(of.now + LONGEST_DAYS * DAY_MILLISECONDS, Math.max(until ?? 0, of.now + DAY_MILLISECONDS)),
    ),
    ...(next?.hours
      ? {
          band: {
            fromMinute: next.hours.fromHour * 60,
            untilMinute: next.hours.untilHour * 60,
            weekdays: [],
          },
        }
      : {}),
    reason,
    evidence: [{ kind: 'series', runId: of.runId, seriesId: series.id, summary: reason }],
  }
}

function draftOfWarning(warning: FoundWarning, of: Published): OrderDraft {
  const { label, reason } = of.words.warning(warning)
  return {
    place: placeOf(warning.densest.position, warning.densest.radiusMetres, label),
    category: warning.category,
    startsAt: toIso(of.now),
    expiresAt: toIso(of.now + WARNING_DAYS * DAY_MILLISECONDS),
    reason,
    evidence: [{ kind: 'warning', runId: of.runId, warningId: warning.id, summary: reason }],
  }
}

function placeOf(at: { lon: number; lat: number }, metres: number, label: string): OrderDraft['place'] {
  const radiusMetres = Math.round(Math.min(MOST_METRES, Math.max(LEAST_METRES, metres)))
  return { lon: at.lon, lat: at.lat, radiusMetres, label }
}

function minuteOfDay(at: Instant, timeZone: string): number {
  const { hour, minute } = wallClock(at, timeZone)
  return hour * 60 + minute
}
