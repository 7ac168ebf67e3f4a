import { describe, expect, it } from 'vitest'
import { allowedOptions, listOptions, openGround, optionKey } from '../../core/index.ts'
import { makeUpGround } from '../../core/made-up-ground.ts'
import { openLooks, typedOption } from './looks.ts'

const ground = makeUpGround({
  ...{ seed: 1, stations: 1, officersPerStation: 16, days: 28, leaveShare: 0, trainingShare: 0 },
  patternCode: 'four-plus-one',
})
const open = openGround(ground)
const looks = openLooks(ground)
const keys = listOptions(open).map(optionKey)
const keyEnding = (end: string) => keys.find((key) => key.endsWith(end))!

describe('how a cell looks', () => {
  it('has its tone by the kind of post, a draw its own, and leave, training and off theirs', () => {
    expect(looks.of(keyEnding('/whole-day/station-1-desk')).tone).toBe('desk')
    expect(looks.of(keyEnding('/whole-day/station-1-unit-1')).tone).toBe('patrol')
    expect(looks.of(keyEnding('draw:patrol')).tone).toBe('draw')
    expect(['leave', 'training', 'off'].map((key) => looks.of(key).tone)).toEqual([
      'leave',
      'training',
      'off',
    ])
  })

  it('bears the mark of the role that works its shift', () => {
    expect(looks.of(keyEnding('/whole-day/station-1-desk')).role).toEqual({ zh: '值', en: 'P' })
    expect(looks.of(keyEnding('/office/station-1-beat')).role).toEqual({ zh: '副', en: 'S' })
  })

  it('shows its hours as a part of the day, until midnight where they pass it', () => {
    expect(looks.of(keyEnding('/whole-day/station-1-desk'))).toMatchObject({
      bar: { from: 33, until: 100 },
      isNight: true,
    })
    expect(looks.of(keyEnding('/office/station-1-beat'))).toMatchObject({
      bar: { from: 38, until: 71 },
      isNight: false,
    })
  })

  it('is unknown where post, shift or key are not there any more, and never fails', () => {
    expect(looks.of('station-1/whole-day/gone').tone).toBe('unknown')
    expect(looks.of('no key').tone).toBe('unknown')
  })
})

describe('typing into a cell', () => {
  const primary = open.dates.findIndex((_, day) => open.role(0, day)?.code === 'primary')
  const allowed = allowedOptions(open, 0, primary).map(optionKey)
  const type = (key: string, current = 'off') => typedOption(key, current, allowed, looks)

  it('puts the allowed duty of a kind, and the next one of it when typed again', () => {
    const patrols = allowed.filter((key) => looks.of(key).tone === 'patrol')
    expect(type('d')).toBe(allowed.find((key) => looks.of(key).tone === 'desk'))
    expect(type('P')).toBe(patrols[0])
    expect(type('p', patrols[0])).toBe(patrols[1 % patrols.length])
  })

  it('counts choices by digits and empties by 0, Delete and Backspace', () => {
    expect(type('1')).toBe(allowed[0])
    expect([type('0'), type('Delete'), type('Backspace')]).toEqual(['off', 'off', 'off'])
    expect(type('9', 'off')).toBe(allowed[8] ?? null)
  })

  it('does nothing for a kind that is not allowed there, or for another key', () => {
    expect(type('x')).toBeNull()
    expect(type('q')).toBeNull()
  })
})
