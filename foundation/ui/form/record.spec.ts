import { describe, expect, it } from 'vitest'
import {
  fieldOfConstraint,
  fieldPath,
  isOutdated,
  isSameForm,
  placeFaults,
  type FieldPath,
} from './record.ts'

const showing =
  (...names: string[]) =>
  (path: FieldPath) =>
    names.includes(path.join('.'))

describe('fields of a refused form', () => {
  it('are found by path, in each way that a server writes one', () => {
    expect(fieldPath('levels/0/target')).toEqual(['levels', 0, 'target'])
    expect(fieldPath('levels[0].target')).toEqual(['levels', 0, 'target'])
    expect(fieldPath('callSign')).toEqual(['callSign'])
  })

  it('take the fault that is theirs', () => {
    const faults = { text: 'refused', fields: [{ field: 'callSign', text: 'too long' }] }
    expect(placeFaults(faults, showing('callSign'))).toEqual({
      placed: [{ path: ['callSign'], text: 'too long' }],
      rest: [],
    })
  })

  it('take a fault that lies deeper than they do', () => {
    const faults = { text: 'refused', fields: [{ field: 'memberOfficerIds/2', text: 'unknown' }] }
    expect(placeFaults(faults, showing('memberOfficerIds')).placed).toEqual([
      { path: ['memberOfficerIds'], text: 'unknown' },
    ])
  })

  it('leave what no field shows to be told above the form', () => {
    const faults = { text: 'refused', fields: [{ field: 'version', text: 'must be a number' }] }
    expect(placeFaults(faults, showing('callSign'))).toEqual({
      placed: [],
      rest: ['version：must be a number'],
    })
  })

  it('leave a refusal without a field to be told above the form', () => {
    expect(placeFaults({ text: 'still in service', fields: [] }, showing('callSign')).rest).toEqual([
      'still in service',
    ])
  })
})

describe('a thing that is there already', () => {
  it('is told at the field that has to be unique', () => {
    expect(fieldOfConstraint('unit_call_sign_key', ['kind', 'callSign'])).toBe('callSign')
    expect(fieldOfConstraint('officer_badge_number_idx', ['name', 'badgeNumber'])).toBe('badgeNumber')
    expect(fieldOfConstraint('vehicle_plate_once', ['name', 'kind'])).toBeUndefined()
  })
})

describe('a record that was read', () => {
  it('is out of date when the server says that another version stands there', () => {
    expect(isOutdated({ status: 412, code: 'version-conflict', title: '' })).toBe(true)
    expect(isOutdated({ status: 409, code: 'officer-in-unit', title: '' })).toBe(false)
  })

  it('is the same in a form whatever the order of its fields and however nothing is written', () => {
    expect(isSameForm({ a: 1, b: null, c: ['x'] }, { c: ['x'], a: 1 })).toBe(true)
    expect(isSameForm({ a: 1 }, { a: 2 })).toBe(false)
    expect(isSameForm({ crew: ['x', 'y'] }, { crew: ['y', 'x'] })).toBe(false)
  })
})
