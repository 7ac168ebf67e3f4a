import { describe, expect, it } from 'vitest'
import { addDays, daysBetween } from '../../../foundation/core/day.ts'
import { checkPattern } from './pattern-check.ts'
import { isNight, roleOn, type DutyPattern } from './pattern.ts'
import { SHIPPED_PATTERNS } from './patterns.ts'

const shipped = (code: string) => SHIPPED_PATTERNS.find((one) => one.code === code)!
const faultsOf = (value: unknown) => {
  const read = checkPattern(value)
  return 'faults' in read ? read.faults : []
}
type Draft<T> = { -readonly [Key in keyof T]: Draft<T[Key]> }
const changed = (code: string, change: (pattern: Draft<DutyPattern>) => unknown) => {
  const copy = structuredClone(shipped(code)) as Draft<DutyPattern>
  change(copy)
  return faultsOf(copy)
}
const ANCHOR = '2026-01-01'
const rolesOn = (pattern: DutyPattern, date: string) =>
  pattern.platoons.map((_, platoon) => roleOn(pattern, ANCHOR, platoon, date).code).sort()

describe('shipped patterns', () => {
  it.each(SHIPPED_PATTERNS.map((pattern) => [pattern.code, pattern] as const))(
    '%s passes its own check and names a source',
    (_, pattern) => {
      expect(faultsOf(pattern)).toEqual([])
      expect(pattern.sources.length).toBeGreaterThan(0)
    },
  )

  it.each([
    ['three-shift', ['primary', 'rest', 'secondary']],
    ['four-shift', ['primary', 'rest', 'rest', 'secondary']],
    ['four-plus-one', ['primary', 'rest', 'rest', 'secondary']],
    ['pitman', ['day', 'night', 'rest', 'rest']],
    ['dupont', ['day', 'night', 'rest', 'rest']],
    ['four-on-four-off', ['day', 'night', 'rest', 'rest']],
    ['four-crews-three-shifts', ['early', 'late', 'night', 'rest']],
  ])('%s has the same roles among its platoons on every day', (code, roles) => {
    for (let day = 0; day < 60; day++)
      expect(rolesOn(shipped(code), addDays('2026-11-24', day))).toEqual(roles)
  })

  it('draws each officer of a 4+1 platoon of four once in sixteen days', () => {
    const pattern = shipped('four-plus-one')
    const drawDays = Array.from({ length: 64 }, (_, day) => addDays(ANCHOR, day)).filter(
      (date) => roleOn(pattern, ANCHOR, 0, date).code === pattern.draws[0]!.fromRole,
    )
    const turnsOfOne = drawDays.filter((_, turn) => turn % 4 === 0)
    expect(turnsOfOne.slice(1).map((date, at) => daysBetween(turnsOfOne[at]!, date))).toEqual([16, 16, 16])
  })

  it('knows which shifts are nights', () => {
    const nights = SHIPPED_PATTERNS.flatMap(({ shifts }) => shifts).filter(isNight)
    expect([...new Set(nights.map(({ code }) => code))].sort()).toEqual(['night', 'whole-day'])
  })
})

describe('the day role', () => {
  it('goes round before the anchor as after it', () => {
    const pattern = shipped('three-shift')
    for (const days of [-7, -3, -1, 0, 1, 3, 300])
      expect(roleOn(pattern, ANCHOR, 1, addDays(ANCHOR, days)).code).toBe(
        roleOn(pattern, ANCHOR, 1, addDays(ANCHOR, days + 3)).code,
      )
  })

  it('throws for a platoon that there is not', () => {
    expect(() => roleOn(shipped('three-shift'), ANCHOR, 3, ANCHOR)).toThrow(RangeError)
  })
})

describe('checking a pattern', () => {
  it('points at every fault of the shape at once', () => {
    const faults = faultsOf({
      ...shipped('four-plus-one'),
      code: 'Vier Schichten',
      sequence: [],
      platoons: [{ nameZh: '一班', nameEn: '', ahead: 1.5 }],
      colour: 'red',
    })
    expect(faults.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'code out-of-range',
      'colour unknown-field',
      'platoons[0].ahead not-a-whole-number',
      'platoons[0].nameEn empty',
      'sequence empty',
    ])
  })

  it('refuses what is no object, and no list', () => {
    expect(faultsOf('four-shift')).toEqual([{ path: '', code: 'not-an-object', detail: {} }])
    expect(changed('three-shift', (pattern) => (pattern.roles = {} as never))).toContainEqual({
      path: 'roles',
      code: 'not-a-list',
      detail: {},
    })
  })

  it.each<[string, (pattern: Draft<DutyPattern>) => unknown, string]>([
    ['a role that is not there', (p) => (p.sequence[1] = 'holiday'), 'sequence[1] unknown-role'],
    [
      'a shift that is not there',
      (p) => (p.roles[0]!.shifts[0] = 'moon'),
      'roles[0].shifts[0] unknown-shift',
    ],
    ['a role that never comes', (p) => (p.sequence = ['primary', 'rest']), 'roles[1].code role-never-comes'],
    ['two roles of one code', (p) => (p.roles[1]!.code = 'primary'), 'roles[1].code twice'],
    [
      'more work than time',
      (p) => (p.shifts[1]!.workMinutes = 500),
      'shifts[1].workMinutes works-more-than-lasts',
    ],
    ['a draw from a day off', (p) => (p.draws[0]!.fromRole = 'rest'), 'draws[0].fromRole draw-from-rest'],
    [
      'a draw into the role’s own shift',
      (p) => (p.draws[0]!.shift = 'office'),
      'draws[0].shift draw-shift-also-role',
    ],
    ['two platoons on one place', (p) => (p.platoons[3]!.ahead = 1), 'platoons[3].ahead platoons-together'],
    ['a platoon beyond the cycle', (p) => (p.platoons[3]!.ahead = 4), 'platoons[3].ahead out-of-range'],
    ['a day of nobody', (p) => p.platoons.splice(1, 3), 'sequence[1] nobody-works'],
    [
      'a minimum of an unknown shift',
      (p) => p.minimums.push({ shift: 'moon', post: 'desk', skill: null, officers: 1 }),
      'minimums[0].shift unknown-shift',
    ],
    [
      'a minimum at an unknown post',
      (p) => p.minimums.push({ shift: 'office', post: 'roof' as never, skill: null, officers: 1 }),
      'minimums[0].post unknown-post-kind',
    ],
  ])('refuses %s and says where', (_, change, fault) => {
    expect(changed('four-plus-one', change).map(({ path, code }) => `${path} ${code}`)).toContain(fault)
  })
})
