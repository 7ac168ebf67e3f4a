import { describe, expect, it } from 'vitest'
import { dealUnplaced, moveOfficer, platoonSheet } from './platoon-moves.ts'

describe('officers in platoons', () => {
  const sheet = platoonSheet([['a', 'gone'], ['b']], 3, ['a', 'b', 'c', 'd'])

  it('are those who serve there, in as many platoons as the pattern has', () => {
    expect(sheet).toEqual({ platoons: [['a'], ['b'], []], unplaced: ['c', 'd'] })
    expect(platoonSheet([['a'], ['b']], 1, ['a', 'b'])).toEqual({ platoons: [['a']], unplaced: ['b'] })
  })

  it('move between platoons and out of them, never twice', () => {
    const moved = moveOfficer(sheet, 'a', 1)
    expect(moved.platoons).toEqual([[], ['b', 'a'], []])
    expect(moveOfficer(moved, 'a', null).unplaced).toEqual(['c', 'd', 'a'])
    expect(moveOfficer(moved, 'a', 1).platoons).toEqual([[], ['b', 'a'], []])
  })

  it('are dealt so that sworn officers are spread as evenly as all', () => {
    const members = ['s1', 's2', 's3', 'x1', 'x2', 'x3']
    const dealt = dealUnplaced(platoonSheet([], 3, members), (id) => id.startsWith('s'))
    expect(dealt.unplaced).toEqual([])
    for (const row of dealt.platoons) {
      expect(row).toHaveLength(2)
      expect(row.filter((id) => id.startsWith('s'))).toHaveLength(1)
    }
  })
})
