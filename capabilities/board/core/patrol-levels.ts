import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import {
  UNIT_STATUSES,
  withDescendants,
  type Organisation,
  type OrganisationId,
  type UnitStatus,
} from '../../force/core/index.ts'

/** A share as people say it («two thirds»), so that no rounding decides whether one more officer is needed. */
export interface Fraction {
  readonly numerator: number
  readonly denominator: number
}

export interface PatrolLevel {
  /** 1 is the highest; a larger number is a lower level. */
  readonly level: number
  readonly nameZh: string
  readonly nameEn: string
  readonly target: Fraction
  /** Whom the level calls out. */
  readonly covers: {
    /** With everything below each; `all` covers the district. */
    readonly organisationIds: 'all' | readonly OrganisationId[]
    readonly auxiliaries: boolean
    /**
     * Of those on duty whom the published roster has away, which are called all the same; the others are listed apart.
     * Left out: none of them.
     */
    readonly rosteredAway?: readonly Away[]
  }
  /** An order without answer is chased after this long, and again after each further such time. */
  readonly chaseAfterSeconds: number
  /** After this many chases without answer the organisation's duty commander is told. */
  readonly escalateAfterChases: number
  /** How long a called officer is taken to need until arrivals of this activation have been measured. */
  readonly defaultArrivalMinutes: number
}

/** The setting `patrol-levels`: what counts as being on the street, the everyday target, and the levels. */
export interface PatrolLevels {
  readonly countingStatuses: readonly UnitStatus[]
  readonly normalTarget: Fraction
  readonly levels: readonly PatrolLevel[]
}

/** Why a roster has somebody away: a day off, leave, training. */
export const AWAY = ['off', 'leave', 'training'] as const
export type Away = (typeof AWAY)[number]

export const PATROL_LEVELS_KEY = 'patrol-levels'

/** The reference district (operations reference 1): two thirds every day, everybody at level 1. */
export const DEFAULT_PATROL_LEVELS: PatrolLevels = {
  countingStatuses: ['patrolling', 'en-route', 'on-scene', 'stand-by', 'inspecting'],
  normalTarget: { numerator: 2, denominator: 3 },
  levels: [
    {
      level: 1,
      nameZh: '一级巡防',
      nameEn: 'Level-1 patrol',
      target: { numerator: 1, denominator: 1 },
      // Everybody who is there: whoever is on duty on a day off is called too, and comes last.
      covers: { organisationIds: 'all', auxiliaries: true, rosteredAway: ['off'] },
      chaseAfterSeconds: 120,
      escalateAfterChases: 3,
      defaultArrivalMinutes: 15,
    },
    {
      level: 2,
      nameZh: '二级巡防',
      nameEn: 'Level-2 patrol',
      target: { numerator: 5, denominator: 6 },
      covers: { organisationIds: 'all', auxiliaries: true },
      chaseAfterSeconds: 300,
      escalateAfterChases: 3,
      defaultArrivalMinutes: 20,
    },
  ],
}

/** How many of `available` the target asks for: rounded up, in whole officers. */
export function officersNeeded(target: Fraction, available: number): number {
  return Math.ceil((target.numerator * available) / target.denominator)
}

const isAtLeast = (a: Fraction, b: Fraction) => a.numerator * b.denominator >= b.numerator * a.denominator

export const findLevel = (levels: PatrolLevels, level: number): PatrolLevel | null =>
  levels.levels.find((one) => one.level === level) ?? null

/** The organisations a level calls out. */
export function coveredOrganisations(
  covers: PatrolLevel['covers'],
  organisations: readonly Pick<Organisation, 'id' | 'parentId'>[],
): ReadonlySet<OrganisationId> {
  const all = new Set(organisations.map((organisation) => organisation.id))
  if (covers.organisationIds === 'all') return all
  const covered = covers.organisationIds.flatMap((id) => [...withDescendants(organisations, id)])
  return new Set(covered.filter((id) => all.has(id)))
}

/** One fault of a configuration: where (`levels/0/target/numerator`) and what, as a code with its numbers. */
export interface LevelsFault {
  readonly path: string
  readonly code: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Every fault of a proposed configuration, each pointing at its place; empty where it may be used. */
export function checkPatrolLevels(
  proposed: PatrolLevels,
  organisations: readonly Pick<Organisation, 'id' | 'parentId'>[],
): readonly LevelsFault[] {
  const faults: LevelsFault[] = []
  const report = (path: string, code: string, detail: Record<string, unknown> = {}) =>
    faults.push({ path, code, detail })

  const checkTarget = (path: string, { numerator, denominator }: Fraction) => {
    if (!Number.isInteger(denominator) || denominator < 1 || denominator > 1000)
      report(`${path}/denominator`, 'not-a-whole-number-in-range', { from: 1, to: 1000 })
    else if (!Number.isInteger(numerator) || numerator < 0 || numerator > denominator)
      report(`${path}/numerator`, 'not-a-whole-number-in-range', { from: 0, to: denominator })
  }
  const checkWhole = (path: string, value: number, from: number, to: number) => {
    if (!Number.isInteger(value) || value < from || value > to)
      report(path, 'not-a-whole-number-in-range', { from, to })
  }

  if (proposed.countingStatuses.length === 0) report('countingStatuses', 'empty')
  proposed.countingStatuses.forEach((status, index, all) => {
    if (!UNIT_STATUSES.includes(status)) report(`countingStatuses/${index}`, 'status-unknown', { status })
    else if (all.indexOf(status) !== index) report(`countingStatuses/${index}`, 'twice', { status })
    else if (status === 'off-duty' || status === 'out-of-service')
      report(`countingStatuses/${index}`, 'status-never-on-street', { status })
  })
  // A call-out ends in `patrolling`; were it not to count, no activation could ever raise the strength.
  if (proposed.countingStatuses.length > 0 && !proposed.countingStatuses.includes('patrolling'))
    report('countingStatuses', 'patrolling-must-count')
  checkTarget('normalTarget', proposed.normalTarget)

  const known = new Set<string>(organisations.map((organisation) => organisation.id))
  if (proposed.levels.length === 0) report('levels', 'empty')
  proposed.levels.forEach((level, index, all) => {
    const at = `levels/${index}`
    checkWhole(`${at}/level`, level.level, 1, 9)
    if (all.findIndex((other) => other.level === level.level) !== index)
      report(`${at}/level`, 'twice', { level: level.level })
    if (level.nameZh.trim() === '') report(`${at}/nameZh`, 'empty')
    if (level.nameEn.trim() === '') report(`${at}/nameEn`, 'empty')
    checkTarget(`${at}/target`, level.target)
    if (!isAtLeast(level.target, proposed.normalTarget)) report(`${at}/target`, 'below-normal-target')
    const lower = all.find((other) => other.level > level.level && !isAtLeast(level.target, other.target))
    if (lower) report(`${at}/target`, 'below-lower-level', { level: level.level, lowerLevel: lower.level })
    if (level.covers.organisationIds !== 'all') {
      if (level.covers.organisationIds.length === 0) report(`${at}/covers/organisationIds`, 'empty')
      level.covers.organisationIds.forEach((id, place) => {
        if (!known.has(id)) report(`${at}/covers/organisationIds/${place}`, 'organisation-unknown', { id })
      })
    }
    checkWhole(`${at}/chaseAfterSeconds`, level.chaseAfterSeconds, 10, 3600)
    checkWhole(`${at}/escalateAfterChases`, level.escalateAfterChases, 1, 20)
    checkWhole(`${at}/defaultArrivalMinutes`, level.defaultArrivalMinutes, 1, 240)
  })
  return faults
}

/** Null, or `invalid-patrol-levels` with every fault in `detail.faults` and the first one's place as field. */
export function refuseFaultyLevels(
  proposed: PatrolLevels,
  organisations: readonly Pick<Organisation, 'id' | 'parentId'>[],
): Refusal | null {
  const faults = checkPatrolLevels(proposed, organisations)
  return faults.length === 0
    ? null
    : refuse('invalid-patrol-levels', { field: faults[0]!.path, detail: { path: faults[0]!.path, faults } })
}
