import { describe, expect, it } from 'vitest'
import { DEFAULT_GRADING_RULES, checkGradingRules, type GradingRule } from '../core/index.ts'
import { draftOf, fitsDialog, gradingRows, isBase, ruleOf, rulesOf, withCondition } from './grading-table.ts'

const own: GradingRule = {
  id: 'school-hours',
  axis: 'difficulty',
  level: 'complex',
  all: [
    { is: 'people', atLeast: 5 },
    { is: 'circumstance', any: ['children'] },
    { is: 'hours', fromHour: 7, untilHour: 17 },
  ],
  labelZh: '上学时段涉及学生',
}

describe('the table of grading rules', () => {
  it('shows what ships, in its order, and says what is off', () => {
    const rows = gradingRows(
      DEFAULT_GRADING_RULES.filter(({ id }) => id !== 'fire'),
      DEFAULT_GRADING_RULES,
    )
    expect(rows.map(({ rule }) => rule.id)).toEqual(DEFAULT_GRADING_RULES.map(({ id }) => id))
    expect(rows.filter(({ on }) => !on).map(({ rule }) => rule.id)).toEqual(['fire'])
  })

  it('shows own rules last', () => {
    const rows = gradingRows([own, ...DEFAULT_GRADING_RULES], DEFAULT_GRADING_RULES)
    expect(rows.at(-1)).toEqual({ rule: own, on: true, own: true })
  })

  it('keeps a threshold that the agency has changed', () => {
    const changed = DEFAULT_GRADING_RULES.map((rule) =>
      rule.id === 'people-20' ? withCondition(rule, 0, { is: 'people', atLeast: 30 }) : rule,
    )
    const rows = gradingRows(changed, DEFAULT_GRADING_RULES)
    expect(rulesOf(rows)).toEqual(changed)
  })

  it('has one row that stays on, without which the server refuses the table', () => {
    const rows = gradingRows(DEFAULT_GRADING_RULES, DEFAULT_GRADING_RULES)
    expect(rows.filter(({ rule }) => isBase(rule)).map(({ rule }) => rule.id)).toEqual(['base'])
    const without = rows.map((row) => ({ ...row, on: row.on && !isBase(row.rule) }))
    expect(checkGradingRules(rulesOf(without))).toMatchObject({ refused: 'grading-base-required' })
  })
})

describe('an own rule', () => {
  it('comes out of its dialog as it went in', () => {
    expect(ruleOf(draftOf(own))).toEqual(own)
    expect(fitsDialog(own)).toBe(true)
  })

  it('has no condition for an empty answer', () => {
    const draft = { id: 'x', axis: 'urgency' as const, level: 'major' as const, people: null, codes: [] }
    expect(ruleOf(draft).all).toEqual([])
  })

  it('is left alone where the dialog does not know all of its conditions', () => {
    const twice: GradingRule = { ...own, all: [...own.all, { is: 'circumstance', any: ['weapon'] }] }
    expect(fitsDialog(twice)).toBe(false)
  })
})
