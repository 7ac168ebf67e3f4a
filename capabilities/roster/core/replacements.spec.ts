import { describe, expect, it } from 'vitest'
import { checkRoster } from './check.ts'
import { makeUpGround } from './made-up-ground.ts'
import { allowedOptions, openGround } from './options.ts'
import { rankReplacements } from './replacements.ts'
import type { DutyOption, RosterGround } from './roster.ts'

const ground: RosterGround = {
  ...makeUpGround({
    seed: 5,
    stations: 1,
    officersPerStation: 24,
    days: 8,
    patternCode: 'four-shift',
    leaveShare: 0,
    trainingShare: 0,
  }),
  wishes: [],
}
const open = openGround(ground)
const [desk, unit, , beat] = ['desk', 'unit-1', 'unit-2', 'beat'].map((code) =>
  ground.posts.find((post) => post.code === code),
)

/** Two sworn at the desk and the unit, everybody else of the platoon with the unit; the office day on the beat. */
const grid: DutyOption[][] = ground.officers.map(({ organisationId }, officer) =>
  open.dates.map((_, day) => {
    const [first] = allowedOptions(open, officer, day)
    if (first!.kind !== 'duty') return first!
    const at = (post: { id: string } | undefined, shift: string): DutyOption => ({
      kind: 'duty',
      organisationId,
      shift,
      postId: post!.id as never,
      draw: null,
    })
    if (first!.shift === 'office') return at(Math.floor(officer / 4) === 0 ? desk : beat, 'office')
    return at(Math.floor(officer / 4) === 0 ? desk : unit, 'whole-day')
  }),
)
const onDesk = (day: number) =>
  grid.findIndex((row) => {
    const option = row[day]!
    return option.kind === 'duty' && option.shift === 'whole-day' && option.postId === desk!.id
  })

describe('replacements', () => {
  it('starts from a lawful roster', () => {
    const broken = checkRoster(ground, grid).filter(({ rule }) => rule !== 'R08' && rule !== 'R12')
    expect(broken).toEqual([])
  })

  it('names three who break nothing, those already in the shift before those at home, with reasons', () => {
    const day = 4
    const officer = onDesk(day)
    const { duty, gap, best } = rankReplacements(ground, grid, {
      officerId: ground.officers[officer]!.id,
      date: open.dates[day]!,
    })
    expect(duty).toMatchObject({ postId: desk!.id })
    expect(gap.map(({ rule }) => rule)).toEqual(['R07'])
    expect(best).toHaveLength(3)
    for (const { breaches, reasons } of best) {
      expect(breaches).toEqual([])
      expect(reasons.length).toBeGreaterThan(0)
    }
    const codes = best[0]!.reasons.map(({ code }) => code)
    expect(codes).toContain('already-in-shift')
    expect(codes).toContain('leads')
    expect(best.map(({ cost }) => cost)).toEqual([...best.map(({ cost }) => cost)].sort((a, b) => a - b))
  })

  it('never takes somebody off a rest that the rules demand', () => {
    const day = 4
    const officer = onDesk(day)
    const { best } = rankReplacements(
      ground,
      grid,
      { officerId: ground.officers[officer]!.id, date: open.dates[day]! },
      100,
    )
    const workedDayBefore = (id: string) => {
      const before = grid[ground.officers.findIndex((one) => one.id === id)]![day - 1]!
      return before.kind === 'duty' && before.shift === 'whole-day'
    }
    const tired = best.filter(({ officerId }) => workedDayBefore(officerId))
    expect(tired.length).toBeGreaterThan(0)
    for (const { breaches } of tired) expect(breaches.map(({ rule }) => rule)).toContain('R03')
    const firstBroken = best.findIndex(({ breaches }) => breaches.length > 0)
    expect(best.slice(firstBroken).every(({ breaches }) => breaches.length > 0)).toBe(true)
  })

  it('has nothing to replace on a day off, and throws for who is not there', () => {
    const day = 4
    const off = grid.findIndex((row) => row[day]!.kind === 'off')
    expect(
      rankReplacements(ground, grid, { officerId: ground.officers[off]!.id, date: open.dates[day]! }),
    ).toEqual({ duty: null, gap: [], best: [] })
    expect(() => rankReplacements(ground, grid, { officerId: 'nobody', date: open.dates[day]! })).toThrow(
      RangeError,
    )
  })
})
