import type { Instant } from '../../../foundation/core/instant.ts'
import { inThread } from '../../../foundation/server/in-thread.ts'
import type { CellHours } from '../../../solvers/density/cell-hours.ts'
import { eastMetres, northMetres, planeAt } from '../../../solvers/density/plane.ts'
import type { CarriedPeriod } from '../../location/core/index.ts'
import {
  hearFix,
  openUnitMinutes,
  reckonSync,
  type DayOfMinutes,
  type Place,
  type SyncJob,
  type SyncOutcome,
  type UnitMinutes,
} from '../core/index.ts'
import type { SyncNeeds } from './sync.needs.ts'

/** 5,000 units need a quarter of it; their minutes are shared, not copied. */
const MEMORY_MEGABYTES = 1_024

/** A day's minutes being gathered: who is whose number, and how far fixes have been read. */
export interface Gathering {
  readonly day: string
  readonly minutes: UnitMinutes
  readonly numberOf: ReadonlyMap<string, number>
  readonly units: string
  readonly lattice: string
  readAt: Instant
  readonly begunAt: Instant
}

/** Opens a day's minutes for the units that anything was carried for, on the lattice of the risk. */
export function openGathering(
  day: string,
  { fromAt, minutes }: DayOfMinutes,
  carried: readonly CarriedPeriod[],
  risk: CellHours,
  now: Instant,
): Gathering {
  const unitIds = unitsOf(carried)
  return {
    day,
    minutes: openUnitMinutes(fromAt, minutes, unitIds.length),
    numberOf: new Map(unitIds.map((unitId, number) => [unitId, number])),
    units: unitIds.join(),
    lattice: latticeKey(risk),
    readAt: fromAt,
    begunAt: now,
  }
}

export const unitsOf = (carried: readonly CarriedPeriod[]): string[] =>
  [...new Set(carried.map(({ unitId }) => unitId))].sort()

export const latticeKey = ({ origin, cellMetres }: CellHours): string =>
  `${origin.lon} ${origin.lat} ${cellMetres}`

/** Reads the fixes of [fromAt, untilAt) into the minutes, in one pass that `signal` breaks off. To read one again changes nothing. */
export async function readInto(
  { minutes, numberOf }: Gathering,
  carried: readonly CarriedPeriod[],
  risk: CellHours,
  needs: SyncNeeds,
  fromAt: Instant,
  untilAt: Instant,
  signal: AbortSignal,
): Promise<void> {
  if (numberOf.size === 0 || untilAt <= fromAt) return
  const plane = planeAt(risk.origin)
  const periodsOf: (CarriedPeriod & { unit: number })[][] = []
  for (const period of carried)
    (periodsOf[period.device] ??= []).push({ ...period, unit: numberOf.get(period.unitId)! })
  await needs.readFixes(fromAt, untilAt, (device, at, lon, lat) => {
    if (signal.aborted) throw signal.reason as Error
    const period = periodsOf[device]?.find(
      ({ sinceAt, untilAt: endsAt }) => at >= sinceAt && (endsAt === null || at < endsAt),
    )
    if (period)
      hearFix(minutes, period.unit, period.rank, at, eastMetres(plane, lon), northMetres(plane, lat))
  })
}

/** Reckons in a thread of its own: 500 units take half a second. */
export function reckonInThread(jobs: readonly SyncJob[], signal: AbortSignal): Promise<SyncOutcome[]> {
  return inThread<readonly SyncJob[], SyncOutcome[]>({
    besideUrl: import.meta.url,
    script: './sync-worker',
    job: jobs,
    memoryMegabytes: MEMORY_MEGABYTES,
    signal,
    here: (given) => given.map(reckonSync),
  })
}

/** Puts names to the places that an outcome speaks of. */
export async function named(outcome: SyncOutcome, needs: SyncNeeds): Promise<SyncOutcome> {
  if (outcome.state !== 'done') return outcome
  const { figures } = outcome
  const places = [
    ...figures.tooLittle.map(({ place }) => place),
    ...figures.tooMuch.map(({ place }) => place),
    ...[...figures.placeMoves, ...figures.hourMoves].flatMap(({ from, to }) => [from.place, to.place]),
  ]
  const keyOf = ({ lon, lat }: Place) => `${lon} ${lat}`
  const once = [...new Map(places.map((place) => [keyOf(place), place])).values()]
  const names = await needs.namesNear(once)
  const nameOf = new Map(once.map((place, n) => [keyOf(place), names[n] ?? null]))
  const withName = (place: Place): Place => ({ ...place, name: nameOf.get(keyOf(place)) ?? null })
  const misfit = <T extends { readonly place: Place }>(each: T): T => ({
    ...each,
    place: withName(each.place),
  })
  const move = (each: (typeof figures.hourMoves)[number]) => ({
    ...each,
    from: misfit(each.from),
    to: misfit(each.to),
  })
  return {
    ...outcome,
    figures: {
      ...figures,
      tooLittle: figures.tooLittle.map(misfit),
      tooMuch: figures.tooMuch.map(misfit),
      placeMoves: figures.placeMoves.map(move),
      hourMoves: figures.hourMoves.map(move),
    },
  }
}
