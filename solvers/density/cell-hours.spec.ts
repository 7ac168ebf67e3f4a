import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherCellHours, packCellHours, totalOf, unpackCellHours } from './cell-hours.ts'

const ORIGIN = { lon: 113.6, lat: 34.1 }
const metres = fc.double({ min: -5_000, max: 5_000, noNaN: true })
const added = fc.record({
  east: metres,
  north: metres,
  hour: fc.integer({ min: 0, max: 23 }),
  amount: fc.double({ min: 0.001, max: 50, noNaN: true }),
})

const gathered = (amounts: readonly { east: number; north: number; hour: number; amount: number }[]) => {
  const cells = gatherCellHours(ORIGIN, 250, 24)
  for (const { east, north, hour, amount } of amounts) cells.add(east, north, hour, amount)
  return cells.finish()
}

describe('amounts by cell and hour', () => {
  it('lose nothing, whatever is added where', () => {
    fc.assert(
      fc.property(fc.array(added, { maxLength: 60 }), (amounts) => {
        const cells = gathered(amounts)
        expect(totalOf(cells)).toBeCloseTo(
          amounts.reduce((sum, { amount }) => sum + amount, 0),
          6,
        )
        expect(cells.value.every((each) => each >= 0)).toBe(true)
      }),
    )
  })

  it('lie in one cell where the place is its middle, and in four halves of halves on a corner', () => {
    expect([...gathered([{ east: 125, north: 125, hour: 3, amount: 8 }]).value].filter(Boolean)).toEqual([8])
    expect([...gathered([{ east: 0, north: 0, hour: 3, amount: 8 }]).value].filter(Boolean)).toEqual([
      2, 2, 2, 2,
    ])
  })

  it('stand in the same order in whatever order they came', () => {
    const amounts = Array.from({ length: 40 }, (_, n) => ({
      ...{ east: ((n * 733) % 4_000) - 2_000, north: ((n * 911) % 4_000) - 2_000, hour: n % 24, amount: 1 },
    }))
    const [there, back] = [gathered(amounts), gathered([...amounts].reverse())]
    expect(back.column).toEqual(there.column)
    expect(back.row).toEqual(there.row)
    there.value.forEach((each, v) => expect(back.value[v]).toBeCloseTo(each, 9))
  })

  it('are unpacked as they were packed, to a grain each and in all', () => {
    fc.assert(
      fc.property(fc.array(added, { maxLength: 40 }), (amounts) => {
        const cells = gathered(amounts)
        const again = unpackCellHours(cells, packCellHours(cells, 1e-4), 1e-4)
        expect(Math.abs(totalOf(again) - totalOf(cells))).toBeLessThan(1.01e-4)
        const valueAt = new Map<string, number>()
        for (let c = 0; c < again.column.length; c++)
          for (let hour = 0; hour < 24; hour++)
            valueAt.set(`${again.column[c]} ${again.row[c]} ${hour}`, again.value[c * 24 + hour]!)
        for (let c = 0; c < cells.column.length; c++)
          for (let hour = 0; hour < 24; hour++) {
            const kept = valueAt.get(`${cells.column[c]} ${cells.row[c]} ${hour}`) ?? 0
            expect(Math.abs(kept - cells.value[c * 24 + hour]!)).toBeLessThan(2.01e-4)
          }
      }),
    )
  })
})
