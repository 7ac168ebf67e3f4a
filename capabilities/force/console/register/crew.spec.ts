import { describe, expect, it } from 'vitest'
import type { ForceBoardRow, OfficerRow, UnitRow } from '../force-api.ts'
import { byUnit, candidatesFor, rollCallChanges, servesWith } from './crew.ts'

const officer = (id: string, organisationId: string, more: Partial<OfficerRow> = {}): OfficerRow => ({
  id,
  organisationId,
  badgeNumber: id,
  sworn: true,
  patrolCapable: true,
  skills: [],
  duty: 'on',
  dutySinceAt: '2026-01-01T00:00:00Z',
  post: 'none',
  version: 1,
  ...more,
})
const unit = (id: string, organisationId: string, memberOfficerIds: string[]): UnitRow => ({
  id,
  organisationId,
  servingOrganisationId: organisationId,
  callSign: id,
  kind: 'car',
  leaderOfficerId: null,
  vehicleId: null,
  memberOfficerIds,
  skills: [],
  equipment: [],
  status: 'patrolling',
  statusSinceAt: '2026-01-01T00:00:00Z',
  version: 1,
})
const board = (more: Partial<ForceBoardRow>): ForceBoardRow => ({
  organisations: [],
  officers: [],
  vehicles: [],
  units: [],
  loans: [],
  ...more,
})
const loan = (officerId: string, toOrganisationId: string) => ({
  id: `loan-${officerId}`,
  subject: { kind: 'officer' as const, officerId },
  fromOrganisationId: 'east',
  toOrganisationId,
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: null,
  returnedAt: null,
  active: true,
  reason: 'match day',
})

describe('who can crew a unit', () => {
  const east = [officer('3', 'east', { sworn: false }), officer('10', 'east'), officer('2', 'east')]

  it('are the officers of its organisation, sworn first, in the order of their numbers', () => {
    const found = candidatesFor(board({ officers: east }), { id: null, organisationId: 'east' })
    expect(found.map((each) => each.officer.id)).toEqual(['2', '10', '3'])
  })

  it('come after the free where another unit holds them, and its call sign is told', () => {
    const found = candidatesFor(board({ officers: east, units: [unit('E1', 'east', ['2'])] }), {
      id: null,
      organisationId: 'east',
    })
    expect(found.map((each) => [each.officer.id, each.inUnit])).toEqual([
      ['10', null],
      ['3', null],
      ['2', 'E1'],
    ])
  })

  it('are free for the unit that they are in', () => {
    const found = candidatesFor(board({ officers: east, units: [unit('E1', 'east', ['2'])] }), {
      id: 'E1',
      organisationId: 'east',
    })
    expect(found.every(({ inUnit }) => inUnit === null)).toBe(true)
  })

  it('follow a loan, out and in', () => {
    const west = officer('7', 'west')
    const lent = board({ officers: [...east, west], loans: [loan('2', 'west')] })
    expect(servesWith(lent, east[2]!)).toBe('west')
    const of = (organisationId: string) =>
      candidatesFor(lent, { id: null, organisationId }).map((each) => each.officer.id)
    expect(of('west')).toEqual(['2', '7'])
    expect(of('east')).toEqual(['10', '3'])
  })
})

describe('a roll call', () => {
  it('goes unit by unit, those in no unit first', () => {
    const officers = [officer('1', 'east'), officer('2', 'east'), officer('3', 'east')]
    const groups = byUnit(officers, [unit('E10', 'east', ['1']), unit('E2', 'east', ['3'])])
    expect(groups.map(([callSign, members]) => [callSign, members.map(({ id }) => id)])).toEqual([
      ['', ['2']],
      ['E2', ['3']],
      ['E10', ['1']],
    ])
  })

  it('changes those alone whose duty is another', () => {
    const officers = [
      { id: 'a', duty: 'on' as const },
      { id: 'b', duty: 'off' as const },
      { id: 'c', duty: 'on' as const },
      { id: 'd', duty: 'off' as const },
    ]
    expect(rollCallChanges(officers, new Set(['a', 'b']))).toEqual({ on: ['b'], off: ['c'] })
  })
})
