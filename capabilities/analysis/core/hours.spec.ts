import { describe, expect, it } from 'vitest'
import { expectedByHour, hoursOf, slotOf } from './hours.ts'

const ZONE = 'Asia/Shanghai'
/** A Tuesday. */
const at = (clock: string) => Date.parse(`2026-11-24T${clock}:00+08:00`)
const SHIFT = { fromAt: at('08:00'), untilAt: at('16:00') }

describe('the hours of a day', () => {
  it('run through its shifts one after another', () => {
    const hours = hoursOf([SHIFT, { fromAt: at('16:00'), untilAt: at('23:00') }])
    expect(hours).toHaveLength(15)
    expect(hours[8]).toEqual({ shift: 1, fromAt: at('16:00') })
  })

  it('share what a stop expects by its own rhythm', () => {
    const profile = Array.from({ length: 168 }, (_, slot) => (slot === 24 + 9 ? 3 : slot === 24 + 15 ? 1 : 0))
    const shares = expectedByHour({ expected: 2, rhythm: { profile } }, SHIFT, ZONE)
    expect(shares).toEqual([0, 1.5, 0, 0, 0, 0, 0, 0.5])
  })

  it('are all alike where no rhythm is known', () => {
    expect(expectedByHour({ expected: 2, rhythm: { profile: [] } }, SHIFT, ZONE)).toEqual(Array(8).fill(0.25))
  })

  it('find their slot in profiles of any length, Monday first', () => {
    expect(slotOf(at('00:00'), ZONE, 42)).toBe(6)
    expect(slotOf(at('23:59'), ZONE, 7)).toBe(1)
  })
})
