import type { Highs } from '../../../solvers/rostering/highs.ts'
import { smallestHitting } from '../../../solvers/rostering/conflict.ts'
import { solveWhole } from '../../../solvers/rostering/solve.ts'
import { Standing } from '../../../solvers/rostering/standing.ts'
import { addDays } from '../../../foundation/core/day.ts'
import { listParts, withParts, type ConflictPart } from './conflict-parts.ts'
import { modelRoster } from './model.ts'
import { openGround } from './options.ts'
import type { RosterGround, RosterRuleId, RosterWeights } from './roster.ts'

/** A rule of those that together leave no roster; leave any one out, and there is one. */
export interface RuleConflict {
  readonly rule: RosterRuleId
  readonly organisationId: string | null
  readonly officerId: string | null
  /** The days between which there is no way out, the last among them. */
  readonly fromDate: string
  readonly untilDate: string
  readonly detail: Readonly<Record<string, string | number>>
}

export interface Conflict {
  readonly rules: readonly RuleConflict[]
  /** No fewer rules of these days leave no roster; false: time ran out before that was known. */
  readonly isSmallest: boolean
}

export interface ConflictHold {
  readonly clock: () => number
  readonly shouldStop: () => boolean
}

/**
 * Names a smallest set of rules that leave a ground no roster: first the organisation and the days that have no way
 * out by themselves, then every rule of them tried without (the deletion filter of Chinneck and Dravnieks, 1991, in
 * two orders, the smaller answer taken). No rule of the answer can be spared, though another answer of other rules
 * may exist. Null where nothing was proven in the time, or the ground has a roster after all.
 */
export function nameConflict(ground: RosterGround, hold: ConflictHold, highs: Highs): Conflict | null {
  const bare = withoutPrices(ground)
  const isImpossible = (candidate: RosterGround): boolean => provesImpossible(candidate, hold, highs)
  const organisationIds = bare.schemes.map(({ organisationId }) => organisationId)
  const alone = organisationIds
    .map((organisationId) => ofOrganisation(bare, organisationId))
    .find((candidate) => isImpossible(candidate))
  const start = alone ?? bare
  if (!alone && !isImpossible(start)) return null
  const cut = shortest(start, isImpossible)
  const parts = listParts(cut)
  const isConflict = (kept: readonly ConflictPart[]) => isImpossible(withParts(cut, kept))
  const needed = filtered(parts, isConflict, hold)
  const best = needed.isSmallest ? smallest(parts, needed.parts, isConflict, hold, highs) : needed
  const days = { fromDate: cut.fromDate, untilDate: addDays(cut.fromDate, cut.days - 1) }
  return {
    // In the order of the rules, whichever order found them.
    rules: parts
      .filter((part) => best.parts.includes(part))
      .map(({ rule, organisationId, officerId, detail }) => ({
        rule,
        organisationId,
        officerId,
        ...days,
        detail,
      })),
    isSmallest: best.isSmallest,
  }
}

/** What a roster costs has no part in whether there is one. */
function withoutPrices(ground: RosterGround): RosterGround {
  const weights = Object.fromEntries(Object.keys(ground.weights).map((kind) => [kind, 0])) as unknown
  return { ...ground, weights: weights as RosterWeights, wishes: [], published: null }
}

/** One organisation by itself; what is the whole district's is left out. */
function ofOrganisation(ground: RosterGround, organisationId: string): RosterGround {
  const officers = ground.officers.filter((officer) => officer.organisationId === organisationId)
  return {
    ...ground,
    schemes: ground.schemes.filter((scheme) => scheme.organisationId === organisationId),
    posts: ground.posts.filter((post) => post.organisationId === organisationId),
    officers,
    rules: { ...ground.rules, streetShares: [] },
  }
}

/** The fewest days that have no roster: the earliest end, then the latest beginning. Longer is never easier. */
function shortest(ground: RosterGround, isImpossible: (candidate: RosterGround) => boolean): RosterGround {
  let [low, high] = [1, ground.days]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isImpossible(slice(ground, 0, middle))) high = middle
    else low = middle + 1
  }
  const end = high
  let [first, last] = [0, end - 1]
  while (first < last) {
    const middle = (first + last + 1) >> 1
    if (isImpossible(slice(ground, middle, end))) first = middle
    else last = middle - 1
  }
  return slice(ground, first, end)
}

/** Days `[from, until)` of a ground; what stands before them is known only where they begin it. */
function slice(ground: RosterGround, from: number, until: number): RosterGround {
  return {
    ...ground,
    fromDate: addDays(ground.fromDate, from),
    days: until - from,
    officers: from === 0 ? ground.officers : ground.officers.map((officer) => ({ ...officer, before: [] })),
  }
}

/** Leaves out whatever can be left out: what remains is needed for there to be no way. */
function filtered(
  parts: readonly ConflictPart[],
  isConflict: (kept: readonly ConflictPart[]) => boolean,
  { shouldStop }: ConflictHold,
): { parts: readonly ConflictPart[]; isSmallest: boolean } {
  let kept = parts
  for (const part of parts) {
    if (shouldStop()) return { parts: kept, isSmallest: false }
    const without = kept.filter((one) => one !== part)
    if (isConflict(without)) kept = without
  }
  return { parts: kept, isSmallest: !shouldStop() }
}

/**
 * The smallest set of parts that conflict, where `known` conflict and none of them can be spared. A set of few that has
 * a roster is grown as far as it will go: whatever was left out, every conflict holds some of it.
 */
function smallest(
  parts: readonly ConflictPart[],
  known: readonly ConflictPart[],
  isConflict: (kept: readonly ConflictPart[]) => boolean,
  { clock, shouldStop }: ConflictHold,
  highs: Highs,
): { parts: readonly ConflictPart[]; isSmallest: boolean } {
  const ids = new Map(parts.map((part, at) => [String(at), part]))
  const leftOut: string[][] = []
  const unproven = { parts: known, isSmallest: false }
  for (;;) {
    const untilMilliseconds = clock() + MOST_SECONDS_A_TRIAL * 1_000
    const hitting = smallestHitting(leftOut, highs, { clock, untilMilliseconds, shouldStop })
    if (hitting === null || shouldStop()) return unproven
    if (hitting.size >= known.length) return { parts: known, isSmallest: true }
    let kept = [...ids].flatMap(([id, part]) => (hitting.has(id) ? [part] : []))
    if (isConflict(kept)) return { parts: kept, isSmallest: true }
    for (const part of parts) {
      if (kept.includes(part)) continue
      if (!isConflict([...kept, part])) kept = [...kept, part]
      if (shouldStop()) return unproven
    }
    leftOut.push([...ids].flatMap(([id, part]) => (kept.includes(part) ? [] : [id])))
  }
}

/** Is it proven that a ground has no roster? False as well where time ran out. */
function provesImpossible(ground: RosterGround, { clock, shouldStop }: ConflictHold, highs: Highs): boolean {
  const { problem } = modelRoster(openGround(ground))
  const standing = new Standing(problem, {
    ...{ seconds: MOST_SECONDS_A_TRIAL, seed: 1, clock },
    shouldStop: () => standing.assignment !== null || shouldStop(),
    onProgress: () => {},
  })
  solveWhole(standing, highs)
  return standing.solution.isInfeasible
}
const MOST_SECONDS_A_TRIAL = 10
