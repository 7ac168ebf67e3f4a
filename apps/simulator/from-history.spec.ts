import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wallClock } from '../../foundation/core/instant.ts'
import { scheduleOf } from './demonstration.ts'
import { openDiary } from './diary.ts'
import { likeNow } from './from-history.ts'
import type { CallToPlay } from './shapes.ts'

const call = (occurredAt: number): CallToPlay => ({
  source: 's',
  externalId: String(occurredAt),
  occurrence: 1,
  occurredAt,
  hourDrawn: false,
  typeCode: '0110',
  description: null,
  address: null,
  origin: 'citizen',
  circumstances: [],
  peopleCount: null,
  lon: 0,
  lat: 0,
})

describe('the schedule of a demonstration', () => {
  it('keeps the order and the pattern of history at the pace asked for, over and over', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e9), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 120 }),
        (moments, callsAnHour) => {
          const history = [...moments].sort((a, b) => a - b).map(call)
          const { calls } = scheduleOf(history, callsAnHour)
          const times = calls.map(({ occurredAt }) => occurredAt)
          expect(times[0]).toBe(0)
          expect(times).toEqual([...times].sort((a, b) => a - b))
          const distinct = new Set(calls.map(({ externalId, occurrence }) => `${externalId} ${occurrence}`))
          expect(distinct.size).toBe(
            new Set(history.map(({ externalId }) => externalId)).size * (calls.length / history.length),
          )
        },
      ),
    )
    const { calls } = scheduleOf([call(0), call(3_600_000), call(7_200_000)], 30)
    // Three calls in six minutes are thirty an hour.
    expect(calls[2]!.occurredAt).toBe(360_000)
  })

  it('is empty without history', () => {
    expect(scheduleOf([], 20).calls).toEqual([])
  })
})

describe('a stretch of history like now', () => {
  it('begins at the weekday, hour and minute of the clock, within the week before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e12, max: 2e12 }),
        fc.integer({ min: 1e12, max: 2e12 }),
        (before, now) => {
          const found = likeNow(before, now, 'Asia/Shanghai')
          const there = wallClock(found, 'Asia/Shanghai')
          const here = wallClock(now, 'Asia/Shanghai')
          expect([there.weekday, there.hour, there.minute]).toEqual([here.weekday, here.hour, here.minute])
          expect(before - found).toBeLessThan(7 * 86_400_000)
          expect(found).toBeLessThanOrEqual(before)
        },
      ),
    )
  })
})

describe('a diary', () => {
  it('does each deed once, when it is due, in the order of time', async () => {
    const done: string[] = []
    const diary = openDiary(() => {})
    const deed = (name: string) => async () => void done.push(name)
    diary.plan('b', 20, deed('b'))
    diary.plan('a', 10, deed('a'))
    diary.plan('a', 5, deed('a again'))
    await diary.doDue(15)
    expect(done).toEqual(['a'])
    await diary.doDue(100)
    diary.plan('b', 30, deed('b again'))
    await diary.doDue(100)
    expect(done).toEqual(['a', 'b'])
  })

  it('tells a fault, goes on, and lets the deed be planned again', async () => {
    const faults: unknown[] = []
    const done: string[] = []
    const diary = openDiary((fault) => faults.push(fault))
    diary.plan('bad', 1, () => Promise.reject(new Error('no answer')))
    diary.plan('good', 2, async () => void done.push('good'))
    await diary.doDue(3)
    expect(faults).toHaveLength(1)
    diary.plan('bad', 4, async () => void done.push('bad, again'))
    await diary.doDue(5)
    expect(done).toEqual(['good', 'bad, again'])
  })
})
