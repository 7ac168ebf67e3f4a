import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_INCIDENT_TYPES, findType } from './incident-type.ts'
import { checkGradingRules, DEFAULT_GRADING_RULES, proposeLevel, type GradingFacts } from './grading.ts'
import { isHigher } from './level.ts'
import { CIRCUMSTANCES } from './types.ts'

const facts = (changes: Partial<GradingFacts> & { code?: string } = {}): GradingFacts => ({
  type: findType(DEFAULT_INCIDENT_TYPES, changes.code ?? '0401')!,
  peopleCount: null,
  circumstances: [],
  keyPlaceId: null,
  localHour: 14,
  ...changes,
})
const grade = (changes: Parameters<typeof facts>[0]) => proposeLevel(facts(changes), DEFAULT_GRADING_RULES)
const idsOf = (changes: Parameters<typeof facts>[0]) => grade(changes).reasons.map(({ ruleId }) => ruleId)

const anyFacts: fc.Arbitrary<GradingFacts> = fc.record({
  type: fc.constantFrom(...DEFAULT_INCIDENT_TYPES),
  peopleCount: fc.option(fc.nat(300), { nil: null }),
  circumstances: fc.uniqueArray(fc.constantFrom(...CIRCUMSTANCES)),
  keyPlaceId: fc.option(fc.constant('station-square'), { nil: null }),
  localHour: fc.integer({ min: 0, max: 23 }),
})

describe('grading', () => {
  it('calls a family dispute without danger a general incident, and says why', () => {
    expect(grade({})).toEqual({
      level: 'general',
      urgency: 'general',
      difficulty: 'general',
      reasons: [{ ruleId: 'base', axis: 'urgency', level: 'general', values: {} }],
    })
  })

  it('calls 20 people a complex incident at least', () => {
    expect(grade({ peopleCount: 19 }).level).toBe('general')
    expect(grade({ peopleCount: 20 }).level).toBe('complex')
    expect(grade({ peopleCount: 20 }).reasons[0]).toEqual({
      ruleId: 'people-20',
      axis: 'difficulty',
      level: 'complex',
      values: { peopleCount: 20, threshold: 20 },
    })
  })

  it('calls a crowd of 20 with a weapon major, and shows every row that holds, the highest first', () => {
    expect(idsOf({ peopleCount: 25, circumstances: ['weapon'] })).toEqual([
      'people-20-weapon',
      'people-20',
      'weapon',
      'base',
    ])
  })

  it.each([
    ['weapon-injury', { circumstances: ['weapon', 'injury'] as const }],
    ['hostage', { circumstances: ['hostage'] as const }],
    ['key-place-weapon', { circumstances: ['weapon'] as const, keyPlaceId: 'square' }],
    ['type-major', { code: '0107' }],
    ['officer-in-danger', { circumstances: ['officer-in-danger'] as const }],
    ['people-100', { peopleCount: 100 }],
  ])('%s makes it major', (ruleId, changes) => {
    expect(grade(changes).level).toBe('major')
    expect(idsOf(changes)[0]).toBe(ruleId)
  })

  it('takes a missing child more seriously than a missing adult', () => {
    expect(grade({ code: '0501' }).level).toBe('general')
    expect(grade({ code: '0501', circumstances: ['children'] }).level).toBe('complex')
  })

  it('counts the night from 22 until 6', () => {
    const atHour = (localHour: number) =>
      idsOf({ code: '0201', circumstances: ['alcohol-drugs'], localHour }).includes('night-urgent')
    expect([21, 22, 0, 5, 6].map(atHour)).toEqual([false, true, true, true, false])
  })

  it('shows urgency and difficulty apart', () => {
    expect(grade({ code: '0504', circumstances: ['weapon', 'injury'] })).toMatchObject({
      urgency: 'major',
      difficulty: 'complex',
      level: 'major',
    })
  })

  it('always gives a reason, and the level is that of its highest reason', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { level, reasons } = proposeLevel(given, DEFAULT_GRADING_RULES)
        expect(reasons.length).toBeGreaterThan(0)
        expect(reasons[0]!.level).toBe(level)
      }),
    )
  })

  it('never grows milder when the report grows worse', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom(...CIRCUMSTANCES),
        fc.nat(200),
        fc.boolean(),
        (given, more, extra, atKeyPlace) => {
          const worse: GradingFacts = {
            ...given,
            circumstances: [...new Set([...given.circumstances, more])],
            peopleCount: extra === 0 ? given.peopleCount : (given.peopleCount ?? 0) + extra,
            keyPlaceId: given.keyPlaceId ?? (atKeyPlace ? 'square' : null),
          }
          const before = proposeLevel(given, DEFAULT_GRADING_RULES)
          const after = proposeLevel(worse, DEFAULT_GRADING_RULES)
          expect(isHigher(before.level, after.level)).toBe(false)
          expect(isHigher(before.urgency, after.urgency)).toBe(false)
          expect(isHigher(before.difficulty, after.difficulty)).toBe(false)
        },
      ),
    )
  })
})

describe('grading table', () => {
  it('ships valid', () => expect(checkGradingRules(DEFAULT_GRADING_RULES)).toBeNull())

  it('is refused without a row that always holds', () => {
    expect(checkGradingRules(DEFAULT_GRADING_RULES.slice(1))?.refused).toBe('grading-base-required')
  })

  it.each([
    ['id-twice', DEFAULT_GRADING_RULES[0]!],
    ['no-condition', { ...DEFAULT_GRADING_RULES[1]!, id: 'x', all: [] }],
    ['people', { ...DEFAULT_GRADING_RULES[1]!, id: 'x', all: [{ is: 'people', atLeast: 0 } as const] }],
    [
      'hours',
      { ...DEFAULT_GRADING_RULES[1]!, id: 'x', all: [{ is: 'hours', fromHour: 22, untilHour: 24 } as const] },
    ],
    ['id', { ...DEFAULT_GRADING_RULES[1]!, id: 'Night!' }],
  ])('is refused for %s, naming the row', (problem, row) => {
    expect(checkGradingRules([...DEFAULT_GRADING_RULES, row])).toMatchObject({
      refused: 'invalid-grading-rule',
      detail: { ruleId: row.id, problem },
    })
  })
})
