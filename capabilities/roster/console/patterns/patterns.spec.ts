import { describe, expect, it } from 'vitest'
import { checkPattern, SHIPPED_PATTERNS } from '../../core/index.ts'
import { faultsAt, freeCode, withEntry, withLength, withoutEntry, withRole } from './pattern-edits.ts'
import { cyclePicture, patternFigures, roleTone } from './pattern-figures.ts'

const shipped = (code: string) => SHIPPED_PATTERNS.find((pattern) => pattern.code === code)!
const faultsOf = (value: unknown) => {
  const checked = checkPattern(value)
  return 'faults' in checked ? checked.faults : []
}

describe('the picture of a cycle', () => {
  it('has each platoon as far ahead as it is', () => {
    const picture = cyclePicture(shipped('four-plus-one'))
    expect(picture.map((row) => row.map((role) => role?.markZh).join(''))).toEqual([
      '值休副休',
      '休副休值',
      '副休值休',
      '休值休副',
    ])
  })

  it('colours roles that work, and none that rests', () => {
    expect(['primary', 'secondary', 'rest'].map((role) => roleTone(shipped('four-shift'), role))).toEqual([
      0,
      1,
      null,
    ])
  })
})

describe('the figures of a pattern', () => {
  it('are hours a week, nights and the longest rest, over the end of the cycle too', () => {
    expect(patternFigures(shipped('four-shift'))).toEqual({
      minutesPerWeek: 42 * 60,
      dutyDaysShare: 0.5,
      nightsPer28Days: 7,
      longestRest: 1,
    })
    expect(patternFigures(shipped('dupont'))).toMatchObject({ minutesPerWeek: 42 * 60, longestRest: 7 })
    expect(patternFigures(shipped('four-on-four-off')).longestRest).toBe(4)
  })
})

describe('a pattern under the pen', () => {
  const pattern = shipped('four-plus-one')

  it('keeps what names a role or a shift when its code changes', () => {
    const renamed = withEntry(withEntry(pattern, 'roles', 1, { code: 'second' }), 'shifts', 2, {
      code: 'late',
    })
    expect(renamed.sequence).toEqual(['primary', 'rest', 'second', 'rest'])
    expect(renamed.draws[0]).toMatchObject({ fromRole: 'second', shift: 'late' })
    expect(faultsOf(renamed)).toEqual([])
  })

  it('grows by its last role, shrinks at its end, and takes a role on a day', () => {
    expect(withLength(pattern, 6).sequence.slice(3)).toEqual(['rest', 'rest', 'rest'])
    expect(withLength(pattern, 0).sequence).toEqual(['primary'])
    expect(withRole(pattern, 1, 'secondary').sequence[1]).toBe('secondary')
  })

  it('shows each fault at its field, and those below a part at the part', () => {
    const faults = faultsOf(withoutEntry(pattern, 'shifts', 2))
    expect(faultsAt(faults, 'draws[0].shift').map(({ code }) => code)).toEqual(['unknown-shift'])
    expect(faultsAt(faults, 'draws', true)).toHaveLength(1)
    expect(faultsAt(faults, 'draws')).toHaveLength(0)
    expect(faultsAt(faults, 'draws[0]', true)).toHaveLength(1)
  })

  it('gives a new entry a code of its own', () => {
    expect(freeCode('shift', ['shift-1', 'shift-3'])).toBe('shift-4')
    expect(freeCode('shift', ['x', 'shift-3'])).toBe('shift-4')
  })
})
