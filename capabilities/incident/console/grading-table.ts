import type { GradingCondition, GradingRule } from '../core/index.ts'

/** One row of the screen: a rule, whether it is in force, and whether the agency wrote it. */
export interface GradingRow {
  readonly rule: GradingRule
  readonly on: boolean
  readonly own: boolean
}

/** The rules in force beside those that ship and are off, in the order of the shipped table; own rules last. */
export function gradingRows(
  inForce: readonly GradingRule[],
  shipped: readonly GradingRule[],
): readonly GradingRow[] {
  const found = new Map(inForce.map((rule) => [rule.id, rule]))
  const ids = new Set(shipped.map(({ id }) => id))
  return [
    ...shipped.map((rule) => ({ rule: found.get(rule.id) ?? rule, on: found.has(rule.id), own: false })),
    ...inForce.filter(({ id }) => !ids.has(id)).map((rule) => ({ rule, on: true, own: true })),
  ]
}

/** What is put into force. */
export const rulesOf = (rows: readonly GradingRow[]): readonly GradingRule[] =>
  rows.filter(({ on }) => on).map(({ rule }) => rule)

/** The row without which a level could stand there without a reason: it stays on. */
export const isBase = ({ level, all }: GradingRule): boolean =>
  level === 'general' && all.length === 1 && all[0]?.is === 'always'

/** The rule with one of its conditions changed. */
export function withCondition(rule: GradingRule, index: number, condition: GradingCondition): GradingRule {
  return { ...rule, all: rule.all.map((each, position) => (position === index ? condition : each)) }
}

/** What the dialog of an own rule asks for; an empty answer is no condition. */
export interface RuleDraft {
  readonly id: string
  readonly axis: GradingRule['axis']
  readonly level: GradingRule['level']
  readonly labelZh?: string
  readonly labelEn?: string
  readonly people?: number | null
  readonly circumstances?: Extract<GradingCondition, { is: 'circumstance' }>['any']
  readonly codes?: readonly string[]
  readonly urgent?: boolean
  readonly keyPlace?: boolean
  readonly fromHour?: number | null
  readonly untilHour?: number | null
}

export function ruleOf(draft: RuleDraft): GradingRule {
  const hours =
    draft.fromHour != null && draft.untilHour != null
      ? { is: 'hours' as const, fromHour: draft.fromHour, untilHour: draft.untilHour }
      : null
  const all: (GradingCondition | null)[] = [
    draft.people != null ? { is: 'people', atLeast: draft.people } : null,
    draft.circumstances && draft.circumstances.length > 0
      ? { is: 'circumstance', any: draft.circumstances }
      : null,
    draft.codes && draft.codes.length > 0 ? { is: 'type', codes: draft.codes } : null,
    draft.urgent ? { is: 'type-urgent' } : null,
    draft.keyPlace ? { is: 'key-place' } : null,
    hours,
  ]
  return {
    id: draft.id,
    axis: draft.axis,
    level: draft.level,
    all: all.filter((each) => each !== null),
    ...(draft.labelZh?.trim() ? { labelZh: draft.labelZh.trim() } : {}),
    ...(draft.labelEn?.trim() ? { labelEn: draft.labelEn.trim() } : {}),
  }
}

export function draftOf(rule: GradingRule): RuleDraft {
  const draft: { -readonly [Name in keyof RuleDraft]: RuleDraft[Name] } = {
    id: rule.id,
    axis: rule.axis,
    level: rule.level,
    ...(rule.labelZh === undefined ? {} : { labelZh: rule.labelZh }),
    ...(rule.labelEn === undefined ? {} : { labelEn: rule.labelEn }),
  }
  for (const condition of rule.all) {
    switch (condition.is) {
      case 'people':
        draft.people = condition.atLeast
        break
      case 'circumstance':
        draft.circumstances = condition.any
        break
      case 'type':
        draft.codes = condition.codes
        break
      case 'type-urgent':
        draft.urgent = true
        break
      case 'key-place':
        draft.keyPlace = true
        break
      case 'hours':
        draft.fromHour = condition.fromHour
        draft.untilHour = condition.untilHour
        break
      case 'always':
      case 'type-level':
        break
    }
  }
  return draft
}

/** Whether the dialog can show all of a rule; one imported with conditions that it does not know stays as it is. */
export const fitsDialog = (rule: GradingRule): boolean =>
  JSON.stringify(sorted(ruleOf(draftOf(rule)).all)) === JSON.stringify(sorted(rule.all))

const sorted = (conditions: readonly GradingCondition[]) =>
  conditions.toSorted((a, b) => (a.is < b.is ? -1 : a.is > b.is ? 1 : 0))
