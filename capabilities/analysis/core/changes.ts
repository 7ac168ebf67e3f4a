import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { distanceMetres, type Position } from '../../../foundation/core/geo.ts'
import type { ShiftPlan } from './daily-plan.ts'
import type { FoundWarning } from './day-warnings.ts'
import type { KeptFindings, KeptSeries } from './kept-findings.ts'

/** What a run made of a day, as far as days are compared. */
export interface DayResult {
  readonly runId: string
  readonly day: string
  readonly discRadiusMetres: number
  readonly shifts: readonly Pick<ShiftPlan, 'fromAt' | 'untilAt' | 'expected' | 'stops'>[]
  readonly findings: KeptFindings | null
}

export interface DayChanges {
  /** What was compared with: the day before, or the last that there is. */
  readonly before: { readonly runId: string; readonly day: string; readonly isDayBefore: boolean }
  readonly shifts: readonly ShiftChange[]
  /** Null where one of the days has none to compare. */
  readonly series: readonly SeriesChange[] | null
  readonly warnings: readonly WarningChange[] | null
}

/** A shift beside the one of the same length that was as far into its day. */
export interface ShiftChange {
  readonly shift: number
  readonly expectedBefore: number
  readonly expected: number
  /** Stops that stand where one stood. */
  readonly same: number
  readonly stops: readonly StopChange[]
}

export type StopChange =
  | { readonly kind: 'new'; readonly rank: number; readonly position: Position; readonly expected: number }
  | {
      readonly kind: 'moved'
      readonly rank: number
      readonly rankBefore: number
      readonly metres: number
      readonly position: Position
    }
  | { readonly kind: 'gone'; readonly rankBefore: number; readonly position: Position }

export interface SeriesChange {
  /** `quiet`: open, and nothing was added. `dropped`: no longer found, such as when its links no longer hold. */
  readonly kind: 'new' | 'grown' | 'quiet' | 'closed' | 'dropped'
  readonly id: string
  readonly category: string
  readonly incidents: number
  readonly added: number
  readonly lastDate: string
}

export interface WarningChange {
  readonly kind: 'new' | 'still' | 'over'
  readonly id: string
  readonly category: string
  readonly areaKind: FoundWarning['areaKind']
  readonly areaName: string | null
  readonly observed: number
  readonly expected: number
}

/** Within half a radius it is the same stop; while the discs overlap it has moved. */
const SAME_RADII = 0.5
const MOVED_RADII = 2

/** What is otherwise on a day than on the one that was in force before it. */
export function compareDays(before: DayResult, after: DayResult): DayChanges {
  return {
    before: {
      runId: before.runId,
      day: before.day,
      isDayBefore: before.day === dateOfDay(findDayNumber(after.day)! - 1),
    },
    shifts: after.shifts.flatMap((shift, position) => {
      const other = counterpart(shift, position, before, after)
      return other === null ? [] : [compareShift(position, other, shift, after.discRadiusMetres)]
    }),
    series:
      before.findings && after.findings ? compareSeries(before.findings.series, after.findings.series) : null,
    warnings: before.findings && after.findings ? compareWarnings(before.findings, after.findings) : null,
  }
}

type Shift = DayResult['shifts'][number]

/** Shifts may have been set otherwise: only one of the same length and place in the day is compared. */
function counterpart(shift: Shift, position: number, before: DayResult, after: DayResult): Shift | null {
  const other = before.shifts[position]
  if (!other) return null
  const sinceFirst = ({ fromAt }: Shift, { shifts }: DayResult) => fromAt - shifts[0]!.fromAt
  const isAlike =
    other.untilAt - other.fromAt === shift.untilAt - shift.fromAt &&
    sinceFirst(other, before) === sinceFirst(shift, after)
  return isAlike ? other : null
}

function compareShift(shift: number, before: Shift, after: Shift, radiusMetres: number): ShiftChange {
  const pairs = after.stops
    .flatMap((stop) =>
      before.stops.map((earlier) => ({
        stop,
        earlier,
        metres: distanceMetres(stop.position, earlier.position),
      })),
    )
    .filter(({ metres }) => metres <= MOVED_RADII * radiusMetres)
    .sort((a, b) => a.metres - b.metres || a.stop.rank - b.stop.rank)
  const [met, left] = [new Set<number>(), new Set<number>()]
  const moved: StopChange[] = []
  let same = 0
  for (const { stop, earlier, metres } of pairs) {
    if (met.has(stop.rank) || left.has(earlier.rank)) continue
    met.add(stop.rank)
    left.add(earlier.rank)
    if (metres <= SAME_RADII * radiusMetres) same++
    else
      moved.push({
        kind: 'moved',
        rank: stop.rank,
        rankBefore: earlier.rank,
        metres,
        position: stop.position,
      })
  }
  const added = after.stops
    .filter(({ rank }) => !met.has(rank))
    .map(({ rank, position, expected }): StopChange => ({ kind: 'new', rank, position, expected }))
  const gone = before.stops
    .filter(({ rank }) => !left.has(rank))
    .map(({ rank, position }): StopChange => ({ kind: 'gone', rankBefore: rank, position }))
  return {
    shift,
    expectedBefore: before.expected,
    expected: after.expected,
    same,
    stops: [...added, ...moved.sort((a, b) => rankOf(a) - rankOf(b)), ...gone],
  }
}

const rankOf = (change: StopChange) => (change.kind === 'gone' ? change.rankBefore : change.rank)

function compareSeries(before: readonly KeptSeries[], after: readonly KeptSeries[]): SeriesChange[] {
  const earlier = new Map(before.map((series) => [series.id, series]))
  const ids = new Set(after.map(({ id }) => id))
  const change = (
    kind: SeriesChange['kind'],
    { id, category, members, lastDate }: KeptSeries,
    added: number,
  ): SeriesChange => ({ kind, id, category, incidents: members.length, added, lastDate })
  return [
    ...after.flatMap((series): SeriesChange[] => {
      const known = earlier.get(series.id)
      const isClosed = series.state === 'closed'
      if (known === undefined) return isClosed ? [] : [change('new', series, series.members.length)]
      const added = series.members.length - known.members.length
      if (isClosed) return known.state === 'closed' ? [] : [change('closed', series, Math.max(0, added))]
      return [added > 0 ? change('grown', series, added) : change('quiet', series, 0)]
    }),
    ...before.flatMap((series): SeriesChange[] =>
      ids.has(series.id) || series.state === 'closed' ? [] : [change('dropped', series, 0)],
    ),
  ]
}

function compareWarnings(before: KeptFindings, after: KeptFindings): WarningChange[] {
  const warningsOf = ({ warnings }: KeptFindings) => warnings.filter(({ outcome }) => outcome === 'warning')
  const [earlier, now] = [warningsOf(before), warningsOf(after)]
  const change = (
    kind: WarningChange['kind'],
    { id, category, areaKind, areaName, observed, judged }: FoundWarning,
  ): WarningChange => ({ kind, id, category, areaKind, areaName, observed, expected: judged.expected })
  const [idsBefore, ids] = [earlier, now].map((warnings) => new Set(warnings.map(({ id }) => id)))
  return [
    ...now.map((warning) => change(idsBefore!.has(warning.id) ? 'still' : 'new', warning)),
    ...earlier.filter(({ id }) => !ids!.has(id)).map((warning) => change('over', warning)),
  ]
}
