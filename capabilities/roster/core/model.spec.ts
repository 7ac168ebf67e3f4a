import { describe, expect, it } from 'vitest'
import { checkRoster as audit } from '../../../solvers/rostering/check.ts'
import { seededChance } from '../../../foundation/core/chance.ts'
import { checkRoster, openCheck } from './check.ts'
import { makeUpGround } from './made-up-ground.ts'
import { modelRoster } from './model.ts'
import { allowedOptions, listOptions, openGround } from './options.ts'
import { optionKey, type RosterGround } from './roster.ts'

const CODES = ['three-shift', 'four-shift', 'four-plus-one', 'pitman', 'dupont', 'four-crews-three-shifts']
const small = (seed: number, patternCode: string): RosterGround => {
  const ground = makeUpGround({
    seed,
    stations: 2,
    officersPerStation: 16,
    days: 12,
    patternCode,
    leaveShare: 0.1,
    trainingShare: 0.1,
  })
  // Tight enough that rosters at random break every rule now and then.
  return {
    ...ground,
    rules: { ...ground.rules, maxMinutesPer7Days: 2_400, maxConsecutiveDays: 3 },
    posts: ground.posts.map((post) =>
      post.kind === 'patrol' ? { ...post, skills: [{ skill: 'driver', officers: 1 }] } : post,
    ),
    patterns: ground.patterns.map((pattern) => ({
      ...pattern,
      minimums: pattern.roles
        .flatMap(({ shifts }) => shifts.slice(0, 1))
        .map((shift) => ({ shift, post: 'desk' as const, skill: 'driver', officers: 1 })),
    })),
  }
}

/** A roster at random: mostly what is allowed, now and then anything that there is in the officer's organisation. */
function drawGrid(ground: RosterGround, seed: number, wildness: number) {
  const open = openGround(ground)
  const options = listOptions(open)
  const chance = seededChance(seed)
  return ground.officers.map(({ organisationId }, officer) =>
    Array.from({ length: ground.days }, (__, day) =>
      chance.next() < wildness
        ? chance.pick(options.filter((one) => one.kind !== 'duty' || one.organisationId === organisationId))
        : chance.pick(allowedOptions(open, officer, day)),
    ),
  )
}

describe('the model of a roster', () => {
  it.each(CODES)('breaks a rule exactly where the check says so: %s', (code) => {
    for (let seed = 1; seed <= 12; seed++) {
      const ground = small(seed, code)
      const open = openGround(ground)
      const model = modelRoster(open)
      const grid = drawGrid(ground, seed, seed % 3 === 0 ? 0.05 : 0)
      const breaches = checkRoster(ground, grid)
      const audited = audit(model.problem, model.toAssignment(grid)).breaches
      expect(audited.length === 0, `seed ${seed}`).toBe(breaches.length === 0)
      const demandRules = (rule: string) =>
        new Set(audited.flatMap(({ id }) => (id?.startsWith(rule) ? [id.split('|').at(-1)!] : [])))
      const places = (...rules: readonly string[]) =>
        [...new Set(breaches.filter(({ rule }) => rules.includes(rule)).map(({ date }) => date))].sort()
      for (const rules of [['R07', 'R08', 'R09', 'R10'], ['R11'], ['R12'], ['R15']])
        expect(
          [...new Set(rules.flatMap((rule) => [...demandRules(rule)]))].sort(),
          `${rules}, seed ${seed}`,
        ).toEqual(places(...rules))
      const people = (
        list: readonly { rule: string; officer: string | null }[],
        ...rules: readonly string[]
      ) => [...new Set(list.filter(({ rule }) => rules.includes(rule)).map(({ officer }) => officer))].sort()
      const checked = breaches.map(({ rule, officerId }) => ({ rule, officer: officerId }))
      const modelled = audited.map(({ rule, employee }) => ({
        rule: rule as string,
        officer: employee === null ? null : ground.officers[employee]!.id,
      }))
      expect(people(modelled, 'window')).toEqual(people(checked, 'R05'))
      expect(people(modelled, 'max-consecutive')).toEqual(people(checked, 'R06'))
      expect(people(modelled, 'domain')).toEqual(
        people(
          breaches.flatMap(({ rule, officerId, detail }) =>
            detail.overlapMinutes === undefined ? [{ rule, officer: officerId }] : [],
          ),
          'R01',
          'R02',
          'R13',
          'R14',
        ),
      )
      expect(people(modelled, 'succession')).toEqual(
        people(
          breaches.flatMap(({ rule, officerId, detail }) =>
            detail.overlapMinutes === undefined && rule === 'R13' ? [] : [{ rule, officer: officerId }],
          ),
          'R03',
          'R04',
          'R13',
        ),
      )
    }
  })

  it('goes to an assignment and back', () => {
    const ground = small(3, 'four-plus-one')
    const model = modelRoster(openGround(ground))
    const grid = drawGrid(ground, 8, 0)
    const there = model.toGrid(model.toAssignment(grid))
    expect(there.map((row) => row.map(optionKey))).toEqual(grid.map((row) => row.map(optionKey)))
  })

  it('prices each day that differs from the published roster, and nothing else of a fixed day', () => {
    const ground = small(4, 'four-plus-one')
    const published = drawGrid(ground, 5, 0)
    const model = modelRoster(openGround({ ...ground, published }))
    const same = audit(model.problem, model.toAssignment(published)).objective
    const open = openGround(ground)
    const officer = 0
    const day = Array.from({ length: ground.days }, (_, at) => at).find(
      (at) => allowedOptions(open, officer, at).length > 1,
    )!
    const other = allowedOptions(open, officer, day).find(
      (option) => optionKey(option) !== optionKey(published[officer]![day]!),
    )!
    const moved = published.map((row) => [...row])
    moved[officer]![day] = other
    const dearer = audit(model.problem, model.toAssignment(moved)).objective - same
    const plain = modelRoster(open)
    const withoutStability =
      audit(plain.problem, plain.toAssignment(moved)).objective -
      audit(plain.problem, plain.toAssignment(published)).objective
    expect(dearer - withoutStability).toBeCloseTo(ground.weights.stability)
  })
})

describe('a roster under check', () => {
  it('says of every change what a whole check says before and after', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const ground = small(seed, CODES[seed % CODES.length]!)
      const open = openGround(ground)
      const options = listOptions(open)
      const chance = seededChance(seed)
      const grid = drawGrid(ground, seed, 0.05)
      const check = openCheck(ground, grid)
      const changes = Array.from({ length: 1 + chance.below(3) }, () => ({
        officer: chance.below(ground.officers.length),
        day: chance.below(ground.days),
        option: chance.pick(options),
      })).filter(
        ({ officer, day }, at, all) => all.findIndex((o) => o.officer === officer && o.day === day) === at,
      )
      const told = check.try(
        changes.map(({ officer, day, option }) => ({
          officerId: ground.officers[officer]!.id,
          date: open.dates[day]!,
          option,
        })),
      )
      const changed = grid.map((row) => [...row])
      for (const { officer, day, option } of changes) changed[officer]![day] = option
      const text = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one))
      const before = new Set(text(checkRoster(ground, grid)))
      const after = new Set(text(checkRoster(ground, changed)))
      expect(text(told.added).sort()).toEqual([...after].filter((one) => !before.has(one)).sort())
      expect(text(told.removed).sort()).toEqual([...before].filter((one) => !after.has(one)).sort())
      expect(text(check.breaches()).sort(), 'a try keeps nothing').toEqual([...before].sort())
    }
  })
})
