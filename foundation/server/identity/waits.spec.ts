import { describe, expect, it } from 'vitest'
import { accountWaitSeconds, addressWaitSeconds } from './waits.ts'

describe('waiting after wrong passwords', () => {
  it('begins with the fifth at one address: a minute, doubling to half an hour', () => {
    expect([0, 4, 5, 6, 7, 9, 10, 1000].map(addressWaitSeconds)).toEqual([
      0, 0, 60, 120, 240, 960, 1800, 1800,
    ])
  })

  it('begins with the fiftieth for the whole account: seconds, growing to a minute', () => {
    expect([0, 49, 50, 59, 60, 70, 80, 90, 10_000].map(accountWaitSeconds)).toEqual([
      0, 0, 5, 5, 10, 20, 40, 60, 60,
    ])
  })
})
