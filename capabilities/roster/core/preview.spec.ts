import { describe, expect, it } from 'vitest'
import { SHIPPED_PATTERNS } from './patterns.ts'
import { DEFAULT_COST_RATES, previewPattern, type PreviewQuestion } from './preview.ts'
import { DEFAULT_ROSTER_RULES } from './roster.ts'

const shipped = (code: string) => SHIPPED_PATTERNS.find((one) => one.code === code)!
const question = (officers: number, days = 112): PreviewQuestion => ({
  fromDate: '2026-11-30',
  days,
  officers: Array.from({ length: officers }, (_, index) => ({
    id: `o-${index}`,
    organisationId: 'station',
    sworn: index % 2 === 0,
    patrolCapable: true,
  })),
  rules: DEFAULT_ROSTER_RULES,
  rates: DEFAULT_COST_RATES,
})

describe('the transition preview', () => {
  it('shows one patrol duty in sixteen days an officer for 4+1 on platoons of four', () => {
    const { draws, platoons } = previewPattern(shipped('four-plus-one'), question(16))
    expect(new Set(platoons.map((one) => platoons.filter((other) => other === one).length))).toEqual(
      new Set([4]),
    )
    expect(draws.meanDaysBetween).toBe(16)
    expect(new Set(draws.byOfficer)).toEqual(new Set([112 / 16]))
    expect(draws.gini).toBe(0)
    expect(draws.most - draws.least).toBe(0)
  })

  it('tells unequal shares where platoons are unequal', () => {
    const { draws } = previewPattern(shipped('four-plus-one'), question(18))
    expect(draws.most).toBeGreaterThan(draws.least)
    expect(draws.gini).toBeGreaterThan(0)
  })

  it('shows less work and more days between duties for four shifts than for three', () => {
    const three = previewPattern(shipped('three-shift'), question(24, 84))
    const four = previewPattern(shipped('four-shift'), question(24, 84))
    // 16 hours of a whole day and 8 of an office day, in three days and in four.
    expect(three.minutesPerWeek.mean).toBeCloseTo(((16 + 8) * 60 * 7) / 3)
    expect(four.minutesPerWeek.mean).toBeCloseTo(((16 + 8) * 60 * 7) / 4)
    expect(four.cost.overtimeHours).toBeLessThan(three.cost.overtimeHours)
    expect(three.betweenDuties.map((count, days) => (count > 0 ? days : 0)).filter(Boolean)).toEqual([1, 2])
    expect(four.betweenDuties.map((count, days) => (count > 0 ? days : 0)).filter(Boolean)).toEqual([2])
    expect(four.restRuns[1]).toBeGreaterThan(0)
  })

  it('counts people for each of the 168 hours, over midnight and over the week’s end', () => {
    const { strength } = previewPattern(shipped('four-shift'), question(16))
    expect(strength).toHaveLength(168)
    // A whole-day platoon of four is there at every hour; the secondary platoon from nine to five as well.
    strength.forEach(({ mean, least }, hour) => {
      const expected = hour % 24 >= 9 && hour % 24 < 17 ? 8 : 4
      expect(mean, `hour ${hour}`).toBeCloseTo(expected)
      expect(least, `hour ${hour}`).toBe(expected)
    })
    const drawn = previewPattern(shipped('four-plus-one'), question(16)).strength
    expect(drawn[15]!.drawn).toBeCloseTo(1)
    expect(drawn[21]!.mean).toBeCloseTo(5)
    expect(drawn[23]!.drawn).toBe(0)
  })

  it('finds rest violations where a pattern has them and none where it has not', () => {
    const count = (code: string, rule: string) =>
      previewPattern(shipped(code), question(24)).violations.find((one) => one.rule === rule)!
    for (const rule of ['R03', 'R04']) expect(count('four-plus-one', rule).count).toBe(0)
    const backwards = {
      ...shipped('three-shift'),
      sequence: ['primary', 'secondary', 'rest'],
    }
    const [rest, night] = previewPattern(backwards, question(24)).violations
    // Every whole day is followed by an office day an hour after it: eight officers on each day but the first.
    expect(rest!.count).toBe(111 * 8)
    expect(rest!.officers).toBe(24)
    expect(night!.officers).toBe(24)
    expect(rest!.example?.date).toBe('2026-12-01')
    // Three days, one off, three nights: 72 hours in seven days.
    expect(count('dupont', 'R05').count).toBe(0)
    const strict = { ...question(24), rules: { ...DEFAULT_ROSTER_RULES, maxMinutesPer7Days: 71 * 60 } }
    expect(previewPattern(shipped('dupont'), strict).violations[2]!.count).toBeGreaterThan(0)
  })

  it('prices hours, overtime and nights', () => {
    const rates = { ...DEFAULT_COST_RATES, nightSupplement: 0.5, hourPrice: 30 }
    const { cost } = previewPattern(shipped('four-on-four-off'), { ...question(16), rates })
    expect(cost.weighedHours).toBeCloseTo(cost.hours + cost.overtimeHours * 0.5 + cost.nightHours * 0.5)
    expect(cost.money).toBeCloseTo(cost.weighedHours * 30)
    expect(cost.nightHours).toBeCloseTo(112 * 4 * 5)
  })

  it('refuses days that are no whole weeks', () => {
    expect(() => previewPattern(shipped('four-shift'), question(16, 30))).toThrow(RangeError)
  })
})
