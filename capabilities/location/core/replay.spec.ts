import { describe, expect, it } from 'vitest'
import { closeFrames, openFrames, positionsOfColumn, showFix, type CarriedPeriod } from './replay.ts'

const NOW = Date.UTC(2026, 4, 1, 8)
const carried: CarriedPeriod = { device: 1, unitId: 'u1', rank: 0, sinceAt: NOW - 3_600_000, untilAt: null }
const frames = (periods: CarriedPeriod[], count = 6) =>
  openFrames({ fromAt: NOW, stepSeconds: 10, frames: count, holdSeconds: 25 }, periods)

describe('replay frames', () => {
  it('show each unit where it was last heard of, and not for longer than it is held', () => {
    const replay = frames([carried])
    showFix(replay, 1, NOW - 5000, 121.5, 31.2)
    showFix(replay, 1, NOW + 12_000, 121.50012, 31.2)
    const [column] = closeFrames(replay)
    expect(column).toEqual({
      unitId: 'u1',
      lon: [12150000, 0, 12, 0, null, null],
      lat: [3120000, 0, 0, 0, null, null],
    })
    expect(positionsOfColumn(column!)[2]).toEqual({ lon: 121.50012, lat: 31.2 })
  })
  it('take the newest fix of a frame in whatever order fixes come', () => {
    const replay = frames([carried], 2)
    showFix(replay, 1, NOW + 9000, 2, 2)
    showFix(replay, 1, NOW + 3000, 1, 1)
    expect(positionsOfColumn(closeFrames(replay)[0]!)).toEqual([null, { lon: 2, lat: 2 }])
  })
  it('never show a fix before its moment', () => {
    const replay = frames([carried], 2)
    showFix(replay, 1, NOW + 1, 2, 2)
    expect(positionsOfColumn(closeFrames(replay)[0]!)[0]).toBeNull()
  })
  it('follow a device from one unit to the next', () => {
    const replay = frames([
      { ...carried, untilAt: NOW + 15_000 },
      { ...carried, unitId: 'u2', sinceAt: NOW + 15_000 },
    ])
    showFix(replay, 1, NOW + 5000, 1, 1)
    showFix(replay, 1, NOW + 18_000, 2, 2)
    expect(closeFrames(replay).map((column) => [column.unitId, positionsOfColumn(column)[2]?.lon])).toEqual([
      ['u1', 1],
      ['u2', 2],
    ])
  })
  it('trust the unit’s own device more than a phone in its crew', () => {
    const replay = frames([carried, { ...carried, device: 2, rank: 3 }], 2)
    showFix(replay, 2, NOW + 9000, 9, 9)
    showFix(replay, 1, NOW + 2000, 1, 1)
    showFix(replay, 2, NOW + 9500, 9, 9)
    expect(positionsOfColumn(closeFrames(replay)[0]!)[1]).toEqual({ lon: 1, lat: 1 })
  })
  it('leave out a device that spoke for nobody', () => {
    const replay = frames([])
    showFix(replay, 1, NOW, 1, 1)
    expect(closeFrames(replay)).toEqual([])
  })
})
