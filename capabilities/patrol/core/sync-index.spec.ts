import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { meet, overlapsOf, type Met } from './sync-index.ts'

const ORIGIN = { lon: 113.6, lat: 34.1 }
const WHOLE_DAY = new Array<number>(24).fill(1)

type Amount = readonly [cell: number, hour: number, amount: number]

/** Amounts in the middle of cells in a row, so that each stays in its cell. */
function cells(amounts: readonly Amount[]): CellHours {
  const gathered = gatherCellHours(ORIGIN, 250, 24)
  for (const [cell, hour, amount] of amounts) gathered.add(cell * 250 + 125, 125, hour, amount)
  return gathered.finish()
}
const met = (risk: readonly Amount[], presence: readonly Amount[]): Met =>
  meet(cells(risk), cells(presence), WHOLE_DAY)
const indexOf = (risk: readonly Amount[], presence: readonly Amount[]) =>
  overlapsOf(met(risk, presence)).overlap

const amounts = (most: number) =>
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: most }),
    ),
    { minLength: 1, maxLength: 40 },
  ) as fc.Arbitrary<Amount[]>

describe('the sync index', () => {
  it('lies between none and all, and is 1 where patrol is spread as risk is', () => {
    fc.assert(
      fc.property(amounts(90), amounts(60), (risk, presence) => {
        const { overlap, byPlace, byHour, hours } = overlapsOf(met(risk, presence))
        expect(overlap).toBeGreaterThanOrEqual(0)
        expect(overlap).toBeLessThanOrEqual(1)
        expect(byPlace).toBeGreaterThanOrEqual(overlap - 1e-12)
        expect(byHour).toBeGreaterThanOrEqual(overlap - 1e-12)
        expect(hours.reduce((sum, each) => sum + each.overlap, 0)).toBeCloseTo(overlap, 9)
        expect(
          indexOf(
            risk,
            risk.map(([cell, hour, amount]) => [cell, hour, amount * 7] as const),
          ),
        ).toBeCloseTo(1, 9)
      }),
    )
  })

  it('is nought where patrol is at other places or in other hours only', () => {
    expect(indexOf([[0, 3, 1]], [[4, 3, 60]])).toBe(0)
    expect(indexOf([[0, 3, 1]], [[0, 4, 60]])).toBe(0)
    expect(overlapsOf(met([[0, 3, 1]], [[0, 4, 60]]))).toMatchObject({ byPlace: 1, byHour: 0 })
    expect(overlapsOf(met([[0, 3, 1]], [[4, 3, 60]]))).toMatchObject({ byPlace: 0, byHour: 1 })
  })

  it('is worked out by hand: three quarters of risk at night, a quarter of patrol', () => {
    // Cell 0: 3 of 4 of the risk at 22; cell 1: the rest at 10. Patrol: 15 of 60 minutes at 22, the rest at 10.
    const { overlap, tooLittle, tooMuch } = overlapsOf(
      met(
        [
          [0, 22, 3],
          [1, 10, 1],
        ],
        [
          [0, 22, 15],
          [1, 10, 45],
        ],
      ),
    )
    expect(overlap).toBe(0.5)
    expect(tooLittle).toEqual([{ column: 0, row: 0, hour: 22, share: 0.5 }])
    expect(tooMuch).toEqual([{ column: 1, row: 0, hour: 10, share: 0.5 }])
  })

  it('counts of a day that is not over only the hours that are', () => {
    const risk = cells([
      [0, 9, 1],
      [1, 22, 9],
    ])
    const presence = cells([[0, 9, 30]])
    const untilTen = WHOLE_DAY.map((share, hour) => (hour < 10 ? share : 0))
    expect(overlapsOf(meet(risk, presence, WHOLE_DAY)).overlap).toBeCloseTo(0.1, 9)
    expect(overlapsOf(meet(risk, presence, untilTen)).overlap).toBe(1)
  })

  it('takes the night before the day’s own run from the run of the day before', () => {
    const gathered = gatherCellHours(ORIGIN, 250, 32)
    gathered.add(125, 125, 26, 2)
    const night = meet(gathered.finish(), cells([[0, 2, 20]]), WHOLE_DAY, 24)
    expect(overlapsOf(night).overlap).toBe(1)
  })
})
