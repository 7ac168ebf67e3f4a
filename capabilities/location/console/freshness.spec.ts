import { describe, expect, it } from 'vitest'
import { freshnessOf } from './freshness.ts'

describe('freshness of a position', () => {
  const now = 1_000_000
  it('is fresh, then ageing from a third of the limit on, then stale', () => {
    expect(freshnessOf(now - 30_000, now, 90)).toBe('fresh')
    expect(freshnessOf(now - 30_001, now, 90)).toBe('ageing')
    expect(freshnessOf(now - 90_000, now, 90)).toBe('ageing')
    expect(freshnessOf(now - 90_001, now, 90)).toBe('stale')
  })

  it('is stale where the moment is not known', () => {
    expect(freshnessOf(null, now)).toBe('stale')
  })
})
