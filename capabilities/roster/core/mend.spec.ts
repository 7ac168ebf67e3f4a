import loadHighs from 'highs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Highs } from '../../../solvers/rostering/highs.ts'
import type { RosteringProblem } from '../../../solvers/rostering/problem.ts'
import { solveRoster } from '../../../solvers/rostering/solve.ts'
import { checkRoster } from './check.ts'
import { makeUpGround } from './made-up-ground.ts'
import { mendAround } from './mend.ts'
import { modelRoster } from './model.ts'
import { openGround } from './options.ts'
import { optionKey, type RosterAbsence, type RosterGround } from './roster.ts'

let highs: Highs
beforeAll(async () => {
  highs = (await loadHighs()) as unknown as Highs
})

/** Every post full to the last officer: whoever is missing is missed. */
function tightGround(): RosterGround {
  const ground = makeUpGround({
    seed: 3,
    stations: 2,
    officersPerStation: 24,
    days: 14,
    patternCode: 'four-plus-one',
    leaveShare: 0,
    trainingShare: 0,
  })
  return {
    ...ground,
    posts: ground.posts.map((post) =>
      post.code === 'desk'
        ? { ...post, shifts: ['whole-day'], minOfficers: 2, maxOfficers: 2 }
        : post.code.startsWith('unit')
          ? { ...post, minOfficers: post.code === 'unit-1' ? 4 : 0, maxOfficers: 4 }
          : post,
    ),
  }
}

function solve(problem: RosteringProblem) {
  const { assignment, isInfeasible } = solveRoster(
    problem,
    { seconds: 60, seed: 1, clock: () => performance.now(), shouldStop: () => false, onProgress: () => {} },
    highs,
  )
  expect(isInfeasible).toBe(false)
  return assignment!
}

describe('mending a published roster', () => {
  it('fills the gap of one who cannot come, breaks nothing, and changes three others at the most', () => {
    const ground = tightGround()
    const { dates } = openGround(ground)
    const model = modelRoster(openGround(ground))
    const published = model.toGrid(solve(model.problem))
    expect(checkRoster(ground, published)).toEqual([])
    for (const day of [0, 6, 13]) {
      const officer = published.findIndex((row) => {
        const option = row[day]!
        return option.kind === 'duty' && option.shift === 'whole-day'
      })
      const absence: RosterAbsence = {
        officerId: ground.officers[officer]!.id,
        kind: 'leave',
        fromDate: dates[day]!,
        untilDate: dates[day]!,
      }
      const after = { ...ground, absences: [...ground.absences, absence] }
      const gone = published.map((row, at) =>
        at === officer ? row.map((option, on) => (on === day ? ({ kind: 'leave' } as const) : option)) : row,
      )
      expect(checkRoster(after, gone).map(({ rule }) => rule)).toContain('R07')

      const mending = mendAround(ground, published, [absence])
      const mended = mending.toGrid(solve(mending.narrow.problem))
      const rules = { ...after.rules, offPatternDuty: 'when-needed' } as const
      expect(checkRoster({ ...after, rules }, mended)).toEqual([])
      const others = mended.filter(
        (row, at) =>
          at !== officer && row.some((option, on) => optionKey(option) !== optionKey(published[at]![on]!)),
      )
      expect(others.length).toBeGreaterThan(0)
      expect(others.length).toBeLessThanOrEqual(3)
    }
  })

  it('leaves other organisations and other days as they stand', () => {
    const ground = tightGround()
    const open = openGround(ground)
    const published = modelRoster(open).toGrid(solve(modelRoster(open).problem))
    const { id } = ground.officers[0]!
    const { narrow } = mendAround(ground, published, [
      { officerId: id, kind: 'leave', fromDate: open.dates[4]!, untilDate: open.dates[5]! },
    ])
    expect(narrow.problem.employees.length).toBe(24)
    const freeDays = new Set(
      narrow.problem.employees.flatMap(({ domain }) =>
        domain.flatMap((shifts, day) => (shifts.length > 1 ? [day] : [])),
      ),
    )
    expect([...freeDays].sort((a, b) => a - b)).toEqual([4, 5, 6, 7])
  })

  it('throws for an officer who is not on the roster', () => {
    const ground = tightGround()
    const grid = ground.officers.map(() => openGround(ground).dates.map(() => ({ kind: 'off' }) as const))
    expect(() =>
      mendAround(ground, grid, [
        { officerId: 'nobody', kind: 'leave', fromDate: ground.fromDate, untilDate: ground.fromDate },
      ]),
    ).toThrow(RangeError)
  })
})
