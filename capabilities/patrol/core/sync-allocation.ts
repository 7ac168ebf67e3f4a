import { overlapOf, type Met } from './sync-index.ts'
import { HOURS } from './sync-minutes.ts'

export interface AllocationRules {
  /** A visit: shorter stays are not handed out. */
  readonly visitMinutes: number
}

/** What the same hours could reach, in whole visits. */
export interface Allocation {
  /** The sync index that it reaches; never less than what there is. */
  readonly overlap: number
  /** Visits by cell and hour, as `Met` has them. Empty where what there is cannot be bettered by whole visits. */
  readonly visits: Uint16Array
}

export interface Allocations {
  /** Each hour keeps its minutes; only places change. */
  readonly places: Allocation
  /** Minutes may also move to other hours, no unit working more than 60 minutes in one. */
  readonly hours: Allocation
}

/**
 * The best that the same minutes of patrol could do in whole visits, each standing in the middle of a cell. Exact:
 * the gain of one more visit to a cell and hour only falls with the visits there (first whole, then the rest of the
 * cell's risk, then nothing), and limits on hours and on the day lie within one another, so taking the greatest gain
 * left reaches the best (Federgruen and Groenevelt 1986, greedy over a polymatroid). What is left of an hour or day
 * after whole visits, less than one, is not handed out.
 */
export function betterAllocations(met: Met, units: number, rules: AllocationRules): Allocations {
  const { presence, risk, presenceMinutes } = met
  const now = overlapOf(presence, risk)
  const minutesOfHour = new Float64Array(HOURS)
  for (let v = 0; v < presence.length; v++) minutesOfHour[v % HOURS]! += presence[v]! * presenceMinutes
  const { visitMinutes } = rules
  const whole = (minutes: number) => Math.floor(minutes / visitMinutes + 1e-6)
  const kept = Array.from(minutesOfHour, whole)
  const all = whole(presenceMinutes)
  const capable = kept.map((visits) => Math.max(visits, whole(60 * units)))
  const kept24 = kept.reduce((sum, each) => sum + each, 0)
  return {
    places: allocate(met, kept, kept24, visitMinutes, now),
    hours: allocate(met, capable, all, visitMinutes, now),
  }
}

/** Visits to cells and hours of greatest gain, so many an hour and in all. */
function allocate(
  met: Met,
  mostInHour: readonly number[],
  most: number,
  visitMinutes: number,
  now: number,
): Allocation {
  const { risk, presenceMinutes } = met
  const visits = new Uint16Array(risk.length)
  if (presenceMinutes === 0) return { overlap: now, visits: visits.subarray(0, 0) }
  const visitShare = visitMinutes / presenceMinutes
  const leftInHour = [...mostInHour]
  let left = most
  let reached = 0
  const take = (v: number, count: number, gain: number) => {
    const taken = Math.min(count, leftInHour[v % HOURS]!, left)
    visits[v]! += taken
    leftInHour[v % HOURS]! -= taken
    left -= taken
    reached += taken * gain
  }
  // Whole visits all gain alike and more than any rest.
  for (let v = 0; v < risk.length; v++) take(v, Math.floor(risk[v]! / visitShare + 1e-9), visitShare)
  const rests: { v: number; gain: number }[] = []
  for (let v = 0; v < risk.length; v++) {
    const gain = risk[v]! - Math.floor(risk[v]! / visitShare + 1e-9) * visitShare
    if (gain > 1e-12) rests.push({ v, gain })
  }
  rests.sort((a, b) => b.gain - a.gain || a.v - b.v)
  for (const { v, gain } of rests) take(v, 1, gain)
  return reached > now
    ? { overlap: Math.min(1, reached), visits }
    : { overlap: now, visits: visits.subarray(0, 0) }
}

/** Visits taken from one cell and hour to another, and by how much of the whole that raises the index. */
export interface Move {
  readonly from: Spot
  readonly to: Spot
  readonly visits: number
  readonly gain: number
}

export interface Spot {
  readonly column: number
  readonly row: number
  readonly hour: number
}

/** Looked at on either side when a move is chosen. */
const CANDIDATES = 60

/**
 * The moves that gain most, one after the other, each as if those before it were made: as many whole visits as pay.
 * A move gains at most the lesser of the surplus it takes from and the lack it fills, so the largest of either are
 * looked at. `sameHour`: only places change. `mayTakeFrom` leaves hours out from which nothing is to be named.
 */
export function bestMoves(
  met: Met,
  rules: AllocationRules,
  {
    count,
    sameHour,
    mayTakeFrom,
  }: { count: number; sameHour: boolean; mayTakeFrom: (hour: number) => boolean },
): Move[] {
  const presence = Float64Array.from(met.presence)
  const { risk, presenceMinutes } = met
  if (presenceMinutes === 0) return []
  const visitShare = rules.visitMinutes / presenceMinutes
  const moves: Move[] = []
  while (moves.length < count) {
    const best = bestMove(presence, risk, visitShare, sameHour, mayTakeFrom)
    if (best === null) break
    presence[best.from]! -= best.visits * visitShare
    presence[best.to]! += best.visits * visitShare
    moves.push({
      from: spotAt(met, best.from),
      to: spotAt(met, best.to),
      visits: best.visits,
      gain: best.gain,
    })
  }
  return moves
}

function bestMove(
  presence: Float64Array,
  risk: Float64Array,
  visitShare: number,
  sameHour: boolean,
  mayTakeFrom: (hour: number) => boolean,
): { from: number; to: number; visits: number; gain: number } | null {
  const groups = sameHour ? Array.from({ length: HOURS }, (_, hour) => hour) : [null]
  let best: { from: number; to: number; visits: number; gain: number } | null = null
  for (const hour of groups) {
    // Only what a whole visit can be taken from.
    const givers = largest(
      (v) => presence[v]! - risk[v]!,
      risk.length,
      hour,
      (v) => presence[v]! >= visitShare - 1e-12 && mayTakeFrom(v % HOURS),
    )
    const takers = largest(
      (v) => risk[v]! - presence[v]!,
      risk.length,
      hour,
      () => true,
    )
    for (const from of givers)
      for (const to of takers) {
        if (best !== null && Math.min(presence[from]! - risk[from]!, risk[to]! - presence[to]!) <= best.gain)
          break
        const even = Math.min(presence[from]! - risk[from]!, risk[to]! - presence[to]!) / visitShare
        for (const visits of new Set([Math.max(1, Math.floor(even)), Math.ceil(even)])) {
          const moved = visits * visitShare
          if (moved > presence[from]! + 1e-12) continue
          const lost = Math.min(presence[from]!, risk[from]!) - Math.min(presence[from]! - moved, risk[from]!)
          const won = Math.min(presence[to]! + moved, risk[to]!) - Math.min(presence[to]!, risk[to]!)
          const gain = won - lost
          if (gain > 1e-9 && (best === null || gain > best.gain + 1e-12)) best = { from, to, visits, gain }
        }
      }
  }
  return best
}

/** The positions of the largest positive values, the largest first. */
function largest(
  of: (v: number) => number,
  length: number,
  hour: number | null,
  isEligible: (v: number) => boolean,
): number[] {
  const found: { v: number; value: number }[] = []
  for (let v = hour ?? 0; v < length; v += hour === null ? 1 : HOURS) {
    const value = of(v)
    if (value <= 1e-12 || !isEligible(v)) continue
    if (found.length === CANDIDATES && value <= found.at(-1)!.value) continue
    let at = found.length
    while (at > 0 && found[at - 1]!.value < value) at--
    found.splice(at, 0, { v, value })
    if (found.length > CANDIDATES) found.pop()
  }
  return found.map(({ v }) => v)
}

function spotAt({ column, row }: Met, v: number): Spot {
  const cell = Math.floor(v / HOURS)
  return { column: column[cell]!, row: row[cell]!, hour: v % HOURS }
}
