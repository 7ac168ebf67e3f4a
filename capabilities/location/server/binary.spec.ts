import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayParameter, copyBody, readTimestamp, writeTimestamp } from './binary.ts'

describe('binary forms', () => {
  it('give a moment back to the millisecond, before and after 2000', () => {
    const buffer = Buffer.alloc(8)
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }), (at) => {
        writeTimestamp(buffer, 0, at)
        expect(readTimestamp(buffer, 0)).toBe(at)
      }),
    )
  })
  it('write NULL for what is not told', () => {
    const column = { name: 'x', kind: 'float4', of: new Float32Array([1.5, NaN]) } as const
    expect(copyBody([column], [0, 1]).subarray(19).toString('hex')).toBe(
      '0001000000043fc000000001ffffffffffff',
    )
    expect(arrayParameter(column, [1]).toString('hex')).toBe(
      '0000000100000001000002bc0000000100000001ffffffff',
    )
  })
  it('write no rows as an empty array', () => {
    expect(arrayParameter({ name: 'x', kind: 'int4', of: [] }, []).toString('hex')).toBe(
      '000000000000000100000017',
    )
  })
})
