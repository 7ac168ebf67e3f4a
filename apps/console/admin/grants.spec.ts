import { describe, expect, it } from 'vitest'
import { areSameGrants, fitsKind, tidyGrants } from './grants.ts'

describe('grants of an account', () => {
  it('hold each pair of role and organisation once', () => {
    expect(
      tidyGrants([
        { role: 'dispatcher', organisationId: 'east' },
        { role: 'dispatcher', organisationId: 'east' },
        { role: 'dispatcher', organisationId: 'west' },
        {},
      ]),
    ).toEqual([
      { role: 'dispatcher', organisationId: 'east' },
      { role: 'dispatcher', organisationId: 'west' },
    ])
  })

  it('give an administrator the whole district, whatever was chosen', () => {
    expect(tidyGrants([{ role: 'system-admin', organisationId: 'east' }])).toEqual([
      { role: 'system-admin', organisationId: null },
    ])
  })

  it('are the same in another order', () => {
    const grants = tidyGrants([{ role: 'officer', organisationId: 'east' }, { role: 'team-leader' }])
    expect(areSameGrants(grants, grants.toReversed())).toBe(true)
    expect(areSameGrants(grants, grants.slice(1))).toBe(false)
  })

  it('offer machines no administrator’s role and persons no machine’s', () => {
    expect(fitsKind('service', 'person')).toBe(false)
    expect(fitsKind('unit-terminal', 'service')).toBe(true)
    expect(fitsKind('security-admin', 'service')).toBe(false)
    expect(fitsKind('dispatcher', 'person')).toBe(true)
  })
})
