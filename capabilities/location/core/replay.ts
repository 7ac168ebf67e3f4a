import type { Instant } from '../../../foundation/core/instant.ts'

/** Positions are told in hundred-thousandths of a degree, about a metre: whole numbers, small differences. */
export const REPLAY_PRECISION = 100_000

/** Who is to be shown for which device and how long. */
export interface CarriedPeriod {
  readonly device: number
  readonly unitId: string
  readonly rank: number
  readonly sinceAt: Instant
  /** Null: until now. */
  readonly untilAt: Instant | null
}

/**
 * One unit's positions, a pair a frame: the first that is known in full, each next as the difference to the one
 * before it, null where the unit was not heard of.
 */
export interface ReplayColumn {
  readonly unitId: string
  readonly lon: readonly (number | null)[]
  readonly lat: readonly (number | null)[]
}

/** Frames being filled: fixes may come in any order, the fittest for each frame stays. */
export interface ReplayFrames {
  readonly fromAt: Instant
  readonly stepMilliseconds: number
  readonly frames: number
  readonly holdMilliseconds: number
  readonly periodsOf: ReadonlyMap<number, readonly CarriedPeriod[]>
  readonly units: Map<string, UnitFrames>
}

interface UnitFrames {
  readonly at: Float64Array
  readonly rank: Uint8Array
  readonly lon: Float64Array
  readonly lat: Float64Array
}

/** `frames` moments from `fromAt` on, `stepSeconds` apart. A unit is shown for `holdSeconds` after its last fix. */
export function openFrames(
  window: { fromAt: Instant; stepSeconds: number; frames: number; holdSeconds: number },
  periods: readonly CarriedPeriod[],
): ReplayFrames {
  const periodsOf = new Map<number, CarriedPeriod[]>()
  for (const period of periods) {
    const of = periodsOf.get(period.device)
    if (of) of.push(period)
    else periodsOf.set(period.device, [period])
  }
  return {
    fromAt: window.fromAt,
    stepMilliseconds: window.stepSeconds * 1000,
    frames: window.frames,
    holdMilliseconds: window.holdSeconds * 1000,
    periodsOf,
    units: new Map(),
  }
}

/** Puts one fix into the frame that it is the newest before. A fix of a device that spoke for nobody is left out. */
export function showFix(replay: ReplayFrames, device: number, at: Instant, lon: number, lat: number): void {
  const period = replay.periodsOf
    .get(device)
    ?.find((one) => at >= one.sinceAt && (one.untilAt === null || at < one.untilAt))
  if (!period) return
  const frame = Math.max(0, Math.ceil((at - replay.fromAt) / replay.stepMilliseconds))
  if (frame >= replay.frames) return
  let unit = replay.units.get(period.unitId)
  if (!unit) {
    unit = {
      at: new Float64Array(replay.frames).fill(-Infinity),
      rank: new Uint8Array(replay.frames).fill(255),
      lon: new Float64Array(replay.frames),
      lat: new Float64Array(replay.frames),
    }
    replay.units.set(period.unitId, unit)
  }
  const isFitter =
    period.rank < unit.rank[frame]! || (period.rank === unit.rank[frame] && at > unit.at[frame]!)
  if (!isFitter) return
  unit.at[frame] = at
  unit.rank[frame] = period.rank
  unit.lon[frame] = lon
  unit.lat[frame] = lat
}

/** The frames as columns, one a unit that was heard of. */
export function closeFrames(replay: ReplayFrames): ReplayColumn[] {
  return [...replay.units].map(([unitId, unit]) => {
    const lon: (number | null)[] = []
    const lat: (number | null)[] = []
    let shown = -1
    let lonBefore = 0
    let latBefore = 0
    for (let frame = 0; frame < replay.frames; frame++) {
      if (unit.at[frame] !== -Infinity) shown = frame
      const moment = replay.fromAt + frame * replay.stepMilliseconds
      if (shown < 0 || moment - unit.at[shown]! > replay.holdMilliseconds) {
        lon.push(null)
        lat.push(null)
        continue
      }
      const lonNow = Math.round(unit.lon[shown]! * REPLAY_PRECISION)
      const latNow = Math.round(unit.lat[shown]! * REPLAY_PRECISION)
      lon.push(lonNow - lonBefore)
      lat.push(latNow - latBefore)
      lonBefore = lonNow
      latBefore = latNow
    }
    return { unitId, lon, lat }
  })
}

/** The positions of a column again, null where there is none: what a screen does with it. */
export function positionsOfColumn(column: ReplayColumn): ({ lon: number; lat: number } | null)[] {
  let lon = 0
  let lat = 0
  return column.lon.map((step, frame) => {
    if (step === null) return null
    lon += step
    lat += column.lat[frame]!
    return { lon: lon / REPLAY_PRECISION, lat: lat / REPLAY_PRECISION }
  })
}
