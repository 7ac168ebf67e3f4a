import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { IncidentType } from './incident-type.ts'
import { highest, isLevel, type Level } from './level.ts'
import { CIRCUMSTANCES, type Circumstance } from './types.ts'

/** What grading looks at. */
export interface GradingFacts {
  readonly type: IncidentType
  /** People involved, as far as the report says. */
  readonly peopleCount: number | null
  readonly circumstances: readonly Circumstance[]
  /** Set when the incident lies inside a key place. */
  readonly keyPlaceId: string | null
  /** Hour on the district's wall clock, 0–23. */
  readonly localHour: number
}

/**
 * Every condition is positive («is there», «at least»), never «is not». That is what makes grading monotone:
 * one more circumstance or one more person can add a hit and can never take one away.
 */
export type GradingCondition =
  | { readonly is: 'always' }
  | { readonly is: 'type-level'; readonly level: Level }
  | { readonly is: 'type-urgent' }
  | { readonly is: 'type'; readonly codes: readonly string[] }
  | { readonly is: 'people'; readonly atLeast: number }
  | { readonly is: 'circumstance'; readonly any: readonly Circumstance[] }
  | { readonly is: 'key-place' }
  | { readonly is: 'hours'; readonly fromHour: number; readonly untilHour: number }

export type GradingAxis = 'urgency' | 'difficulty'

/** One row of the grading table. Its id is the same in the table, the spec, the screen and the audit. */
export interface GradingRule {
  readonly id: string
  readonly axis: GradingAxis
  readonly level: Level
  readonly all: readonly GradingCondition[]
  /** For rules that an agency adds; the default rows have their text in the language files. */
  readonly labelZh?: string
  readonly labelEn?: string
}

export interface GradingReason {
  readonly ruleId: string
  readonly axis: GradingAxis
  readonly level: Level
  /** What was found: people counted and threshold, circumstances, hour, key place. */
  readonly values: Readonly<Record<string, string | number>>
}

export interface LevelProposal {
  readonly level: Level
  readonly urgency: Level
  readonly difficulty: Level
  /** Never empty; the highest first. */
  readonly reasons: readonly GradingReason[]
}

const circumstance = (...any: Circumstance[]): GradingCondition => ({ is: 'circumstance', any })
const people = (atLeast: number): GradingCondition => ({ is: 'people', atLeast })
const AT_RISK = circumstance('children', 'vulnerable')
const DANGER = circumstance('weapon', 'firearm', 'violence', 'injury', 'suspect-present')

/** The setting `grading-rules` replaces this table as a whole. 20 people is the reference district's threshold. */
export const DEFAULT_GRADING_RULES: readonly GradingRule[] = [
  { id: 'base', axis: 'urgency', level: 'general', all: [{ is: 'always' }] },
  { id: 'type-complex', axis: 'difficulty', level: 'complex', all: [{ is: 'type-level', level: 'complex' }] },
  { id: 'type-major', axis: 'difficulty', level: 'major', all: [{ is: 'type-level', level: 'major' }] },
  { id: 'people-20', axis: 'difficulty', level: 'complex', all: [people(20)] },
  { id: 'people-100', axis: 'difficulty', level: 'major', all: [people(100)] },
  { id: 'weapon', axis: 'urgency', level: 'complex', all: [circumstance('weapon')] },
  { id: 'firearm', axis: 'urgency', level: 'major', all: [circumstance('firearm')] },
  { id: 'explosive', axis: 'urgency', level: 'major', all: [circumstance('explosive')] },
  { id: 'hostage', axis: 'urgency', level: 'major', all: [circumstance('hostage')] },
  { id: 'injury', axis: 'urgency', level: 'complex', all: [circumstance('injury')] },
  { id: 'death', axis: 'difficulty', level: 'complex', all: [circumstance('death')] },
  { id: 'violence', axis: 'urgency', level: 'complex', all: [circumstance('violence')] },
  { id: 'fire', axis: 'urgency', level: 'complex', all: [circumstance('fire')] },
  { id: 'hazardous', axis: 'difficulty', level: 'complex', all: [circumstance('hazardous-material')] },
  { id: 'officer-in-danger', axis: 'urgency', level: 'major', all: [circumstance('officer-in-danger')] },
  {
    id: 'key-place',
    axis: 'difficulty',
    level: 'complex',
    all: [{ is: 'key-place' }, { is: 'type-urgent' }],
  },
  {
    id: 'missing-at-risk',
    axis: 'urgency',
    level: 'complex',
    all: [{ is: 'type', codes: ['0501'] }, AT_RISK],
  },
  { id: 'at-risk-danger', axis: 'urgency', level: 'complex', all: [AT_RISK, DANGER] },
  {
    id: 'night-urgent',
    axis: 'difficulty',
    level: 'complex',
    all: [
      { is: 'hours', fromHour: 22, untilHour: 6 },
      { is: 'type-urgent' },
      circumstance('suspect-present', 'alcohol-drugs'),
    ],
  },
  {
    id: 'weapon-injury',
    axis: 'urgency',
    level: 'major',
    all: [circumstance('weapon'), circumstance('injury', 'death')],
  },
  {
    id: 'people-20-weapon',
    axis: 'difficulty',
    level: 'major',
    all: [people(20), circumstance('weapon', 'firearm')],
  },
  {
    id: 'people-20-violence',
    axis: 'difficulty',
    level: 'major',
    all: [people(20), circumstance('violence'), circumstance('injury')],
  },
  {
    id: 'key-place-weapon',
    axis: 'difficulty',
    level: 'major',
    all: [{ is: 'key-place' }, circumstance('weapon', 'firearm', 'explosive')],
  },
  {
    id: 'people-20-key-place',
    axis: 'difficulty',
    level: 'major',
    all: [people(20), { is: 'key-place' }, DANGER],
  },
]

/** What a condition found, or null where it does not hold. */
function findingOf(condition: GradingCondition, facts: GradingFacts): Record<string, string | number> | null {
  switch (condition.is) {
    case 'always':
      return {}
    case 'type-level':
      return facts.type.baseLevel === condition.level ? { typeCode: facts.type.code } : null
    case 'type-urgent':
      return facts.type.urgent ? { typeCode: facts.type.code } : null
    case 'type':
      return condition.codes.some((code) => facts.type.code.startsWith(code))
        ? { typeCode: facts.type.code }
        : null
    case 'people':
      return facts.peopleCount !== null && facts.peopleCount >= condition.atLeast
        ? { peopleCount: facts.peopleCount, threshold: condition.atLeast }
        : null
    case 'circumstance': {
      const found = condition.any.filter((each) => facts.circumstances.includes(each))
      return found.length > 0 ? { circumstances: found.join(' ') } : null
    }
    case 'key-place':
      return facts.keyPlaceId === null ? null : { keyPlaceId: facts.keyPlaceId }
    case 'hours':
      return isWithinHours(facts.localHour, condition) ? { hour: facts.localHour } : null
  }
}

/** Hours may pass midnight: from 22 until 6 holds at 23 and at 5, not at 6. */
function isWithinHours(
  hour: number,
  { fromHour, untilHour }: { fromHour: number; untilHour: number },
): boolean {
  return fromHour < untilHour ? hour >= fromHour && hour < untilHour : hour >= fromHour || hour < untilHour
}

function reasonOf(rule: GradingRule, facts: GradingFacts): GradingReason | null {
  const values: Record<string, string | number> = {}
  for (const condition of rule.all) {
    const finding = findingOf(condition, facts)
    if (!finding) return null
    for (const [name, value] of Object.entries(finding)) {
      values[name] = name === 'circumstances' && values[name] ? `${values[name]} ${value}` : value
    }
  }
  return { ruleId: rule.id, axis: rule.axis, level: rule.level, values }
}

/**
 * Proposes a response level: each row of the table that holds gives a reason, the highest row wins.
 * Only a proposal: a person confirms or overrides it (`confirm-level`).
 */
export function proposeLevel(facts: GradingFacts, rules: readonly GradingRule[]): LevelProposal {
  const reasons = rules.flatMap((rule) => reasonOf(rule, facts) ?? [])
  const levelOn = (axis: GradingAxis) =>
    highest(reasons.filter((reason) => reason.axis === axis).map(({ level }) => level))
  const order: readonly Level[] = ['major', 'complex', 'general']
  return {
    level: highest(reasons.map(({ level }) => level)),
    urgency: levelOn('urgency'),
    difficulty: levelOn('difficulty'),
    reasons: reasons.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level)),
  }
}

/**
 * Checks a grading table before it comes into force.
 * Refuses `invalid-grading-rule` (`detail.ruleId`, `detail.problem`) and `grading-base-required`: without a row
 * that always holds, a level could stand there without a reason.
 */
export function checkGradingRules(rules: readonly GradingRule[]): Refusal | null {
  const seen = new Set<string>()
  for (const rule of rules) {
    const problem = problemOf(rule, seen)
    if (problem)
      return refuse('invalid-grading-rule', { field: 'rules', detail: { ruleId: rule.id, problem } })
    seen.add(rule.id)
  }
  const hasBase = rules.some(
    ({ level, all }) => level === 'general' && all.length === 1 && all[0]!.is === 'always',
  )
  return hasBase ? null : refuse('grading-base-required', { field: 'rules' })
}

function problemOf(rule: GradingRule, seen: ReadonlySet<string>): string | null {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(rule.id)) return 'id'
  if (seen.has(rule.id)) return 'id-twice'
  if (rule.axis !== 'urgency' && rule.axis !== 'difficulty') return 'axis'
  if (!isLevel(rule.level)) return 'level'
  if (rule.all.length === 0) return 'no-condition'
  for (const condition of rule.all) {
    if (condition.is === 'people' && !(Number.isInteger(condition.atLeast) && condition.atLeast > 0))
      return 'people'
    if (condition.is === 'circumstance') {
      if (condition.any.length === 0) return 'circumstance'
      if (condition.any.some((each) => !CIRCUMSTANCES.includes(each))) return 'circumstance'
    }
    if (condition.is === 'hours' && ![condition.fromHour, condition.untilHour].every(isHour)) return 'hours'
  }
  return null
}

function isHour(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 23
}
