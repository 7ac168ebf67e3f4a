import { seededChance } from '../../../foundation/core/chance.ts'
import { overlapOf, type Met } from './sync-index.ts'
import { HOURS } from './sync-minutes.ts'

/** What patrol that knows nothing of risk would score with the same minutes in the same hours. */
export interface Yardsticks {
  /** Spread evenly and infinitely thin over every cell that has any risk: no real patrol can be. */
  readonly even: number
  /** What visits to places drawn at random score on average. */
  readonly random: number
}

/** Of many visits fewer days are drawn: their average is as steady. */
const MOST_DRAWS = 8
const DRAWN_VISITS = 8_000
const SEED = 20_161_124

/**
 * Coarse cells flatter: where every cell is large, any patrol overlaps. These say how much of the figure is that.
 * Random visits stand anywhere in a cell with risk and are spread as presence is; their average is of eight days drawn at
 * most, always the same.
 */
export function yardsticksOf(
  { column, row, risk, presence, presenceMinutes }: Met,
  visitMinutes: number,
): Yardsticks {
  const hourPresence = new Float64Array(HOURS)
  const isRisky = new Uint8Array(column.length)
  for (let v = 0; v < risk.length; v++) {
    hourPresence[v % HOURS]! += presence[v]!
    if (risk[v]! > 0) isRisky[Math.floor(v / HOURS)] = 1
  }
  const risky = [...column.keys()].filter((cell) => isRisky[cell] === 1)
  if (risky.length === 0 || presenceMinutes === 0) return { even: 0, random: 0 }
  let even = 0
  for (let v = 0; v < risk.length; v++) even += Math.min(hourPresence[v % HOURS]! / risky.length, risk[v]!)

  const key = (east: number, north: number) => (north + 2 ** 25) * 2 ** 26 + (east + 2 ** 25)
  const numberOf = new Map(risky.map((cell) => [key(column[cell]!, row[cell]!), cell]))
  const chance = seededChance(SEED)
  const draws = Math.min(MOST_DRAWS, Math.ceil((DRAWN_VISITS * visitMinutes) / presenceMinutes))
  let random = 0
  for (let draw = 0; draw < draws; draw++) {
    const drawn = new Float64Array(risk.length)
    for (let hour = 0; hour < HOURS; hour++) {
      const visits = Math.round((hourPresence[hour]! * presenceMinutes) / visitMinutes)
      for (let visit = 0; visit < visits; visit++) {
        const cell = chance.pick(risky)
        // A square of a cell's side around a place anywhere in the cell: this cell and up to three beside it.
        const [x, y] = [chance.next() - 0.5, chance.next() - 0.5]
        for (const [east, across] of [
          [0, 1 - Math.abs(x)],
          [Math.sign(x), Math.abs(x)],
        ] as const)
          for (const [north, along] of [
            [0, 1 - Math.abs(y)],
            [Math.sign(y), Math.abs(y)],
          ] as const) {
            const at = numberOf.get(key(column[cell]! + east, row[cell]! + north))
            if (at !== undefined) drawn[at * HOURS + hour]! += (across * along * hourPresence[hour]!) / visits
          }
      }
    }
    random += overlapOf(drawn, risk) / draws
  }
  return { even: Math.min(1, even), random }
}
