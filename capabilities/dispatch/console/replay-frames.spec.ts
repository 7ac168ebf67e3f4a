import { describe, expect, it } from 'vitest'
import type { AssignmentRow } from './dispatch-api.ts'
import { columnsOf, statusAt, unitsAt } from './replay-frames.ts'

type ReplayPage = Parameters<typeof columnsOf>[0][number]

const START = Date.parse('2026-01-01T00:00:00Z')
const at = (seconds: number) => START + seconds * 1000
const iso = (seconds: number) => new Date(at(seconds)).toISOString()

const page = (fromSeconds: number, lon: (number | null)[]): ReplayPage => ({
  from: iso(fromSeconds),
  stepSeconds: 10,
  frames: lon.length,
  precision: 100_000,
  units: [{ unitId: 'u', callSign: '城中01', lon, lat: lon.map((step) => (step === null ? null : 0)) }],
  nextFrom: null,
})

const assignment = (times: Partial<AssignmentRow>): AssignmentRow =>
  ({
    unitId: 'u',
    role: 'handle',
    orderedAt: iso(0),
    departedAt: null,
    arrivedAt: null,
    releasedAt: null,
    ...times,
  }) as AssignmentRow

describe('replay frames', () => {
  it('puts a unit between the two frames around the moment', () => {
    const columns = columnsOf([page(0, [100_000, 100_000])])
    expect(unitsAt(columns, [], at(5))).toMatchObject([{ id: 'u', lon: 1.5 }])
  })

  it('goes on from one page to the next', () => {
    const columns = columnsOf([page(0, [100_000, 0]), page(20, [300_000, 0])])
    expect(columns).toHaveLength(1)
    expect(unitsAt(columns, [], at(20))).toMatchObject([{ lon: 3 }])
  })

  it('shows no unit that was not heard of, and none before the span', () => {
    const columns = columnsOf([page(0, [null, 100_000])])
    expect(unitsAt(columns, [], at(4))).toEqual([])
    expect(unitsAt(columns, [], at(-1))).toEqual([])
  })

  it('tells what a unit did from its orders', () => {
    const orders = [assignment({ departedAt: iso(10), arrivedAt: iso(60), releasedAt: iso(100) })]
    expect([-1, 5, 10, 60, 99, 100].map((second) => statusAt(orders, 'u', at(second)))).toEqual([
      'patrolling',
      'patrolling',
      'en-route',
      'on-scene',
      'on-scene',
      'patrolling',
    ])
    expect(statusAt([assignment({ role: 'stand-by' })], 'u', at(5))).toBe('stand-by')
  })
})
