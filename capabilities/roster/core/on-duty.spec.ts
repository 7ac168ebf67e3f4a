import { describe, expect, it } from 'vitest'
import { rosteredNow, type RosteredAt } from './on-duty.ts'

const duty = (startsAt: number): RosteredAt => ({
  kind: 'duty',
  shift: 'day',
  post: 'desk',
  isStreet: false,
  startsAt,
  endsAt: startsAt + 1,
})

describe('what the roster has somebody do now', () => {
  it('is off where it has nothing for them, and unknown where they are not on it', () => {
    const now = rosteredNow(['o1'], [])
    expect(now.get('o1')).toEqual({ kind: 'off' })
    expect(now.get('o2')).toBeUndefined()
  })

  it('is the duty that runs, before one about to begin and before the leave of the new day', () => {
    const running = [
      { officerId: 'o1', at: duty(0) },
      { officerId: 'o1', at: duty(10) },
      { officerId: 'o2', at: { kind: 'leave' } as const },
      { officerId: 'o2', at: duty(0) },
      { officerId: 'o3', at: { kind: 'training' } as const },
    ]
    const now = rosteredNow(['o1', 'o2', 'o3'], running)
    expect([now.get('o1'), now.get('o2'), now.get('o3')]).toEqual([duty(0), duty(0), { kind: 'training' }])
  })
})
