import { describe, expect, it } from 'vitest'
import type { RosterBreach } from './roster.ts'
import { worsening } from './worsening.ts'

const breach = (rule: RosterBreach['rule'], detail: RosterBreach['detail'] = {}): RosterBreach => ({
  rule,
  officerId: null,
  organisationId: 'east',
  date: '2026-12-01',
  detail,
})
const post = (officers: number, postId = 'desk') =>
  breach('R07', { shift: 'day', postId, officers, minimum: 3 })

describe('what a change makes worse', () => {
  const codes = (removed: RosterBreach[], added: RosterBreach[]) =>
    worsening({ removed, added }).map(({ rule }) => rule)

  it('is what was whole before', () => {
    expect(codes([], [breach('R03', { restMinutes: 300, minimumMinutes: 660 })])).toEqual(['R03'])
    expect(codes([post(1, 'car')], [post(2)])).toEqual(['R07'])
  })

  it('is what moves the wrong way, and not what gets smaller', () => {
    expect(codes([post(2)], [post(1)])).toEqual(['R07'])
    expect(codes([post(1)], [post(2)])).toEqual([])
    const hours = (minutes: number) => breach('R05', { minutes, limitMinutes: 4320 })
    expect(codes([hours(4400)], [hours(4500)])).toEqual(['R05'])
    expect(codes([hours(4500)], [hours(4400)])).toEqual([])
  })

  it('is a smaller share of the street, whatever the counts', () => {
    const street = (onStreet: number, onDuty: number) => breach('R12', { minute: 0, onStreet, onDuty })
    expect(codes([street(3, 6)], [street(4, 7)])).toEqual([])
    expect(codes([street(3, 6)], [street(3, 7)])).toEqual(['R12'])
  })

  it('is a draw further from what is wanted, on either side', () => {
    const draw = (officers: number) => breach('R11', { draw: 'patrol', platoon: 1, officers, wanted: 1 })
    expect(codes([draw(2)], [draw(0)])).toEqual([])
    expect(codes([draw(2)], [draw(3)])).toEqual(['R11'])
  })
})
