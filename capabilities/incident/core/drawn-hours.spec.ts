import { describe, expect, it } from 'vitest'
import { profileText } from './drawn-hours.ts'

describe('the profile of drawn hours', () => {
  it('is called by the calls that it was counted from, and their file', () => {
    const hours = { from: 'file', file: 'incidents.csv.gz', source: 'stlouis-crime', seed: 7 } as const
    expect(profileText(hours)).toEqual({
      key: 'hours.file',
      values: { source: 'stlouis-crime', file: 'incidents.csv.gz', seed: 7 },
    })
  })

  it('says that it is ours where it is, and that nobody noted it where nobody did', () => {
    expect(profileText({ from: 'generated-profile', seed: 7 }).key).toBe('hours.generated')
    expect(profileText(null).key).toBe('hours.unknown')
  })
})
