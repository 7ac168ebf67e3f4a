import { describe, expect, it } from 'vitest'
import { dropEdits, dropMode, stepTo, type CellAt, type DropMode } from './moves.ts'

const CELLS = [
  ['a', 'off', 'b', 'leave'],
  ['off', 'c', 'off', 'training'],
]
const keyAt = ({ officer, day }: CellAt) => CELLS[officer]![day]!
const drop = (mode: DropMode, from: [number, number], to: [number, number]) =>
  dropEdits(mode, { officer: from[0], day: from[1] }, { officer: to[0], day: to[1] }, keyAt)

describe('dropping a cell on another', () => {
  it('exchanges the two, on other days and with other officers', () => {
    expect(drop('swap', [0, 0], [0, 2])).toEqual([
      { officer: 0, day: 2, key: 'a' },
      { officer: 0, day: 0, key: 'b' },
    ])
    expect(drop('swap', [0, 0], [1, 1])).toEqual([
      { officer: 1, day: 1, key: 'a' },
      { officer: 0, day: 0, key: 'c' },
    ])
  })

  it('copies, leaving the one where it is; moves, leaving a day off', () => {
    expect(drop('copy', [0, 0], [1, 0])).toEqual([{ officer: 1, day: 0, key: 'a' }])
    expect(drop('move', [0, 0], [1, 1])).toEqual([
      { officer: 1, day: 1, key: 'a' },
      { officer: 0, day: 0, key: 'off' },
    ])
  })

  it('does nothing onto itself or onto the same, and never touches leave or training', () => {
    expect(drop('swap', [0, 0], [0, 0])).toEqual([])
    expect(drop('swap', [0, 1], [1, 0])).toEqual([])
    for (const mode of ['swap', 'copy', 'move'] as const) {
      expect(drop(mode, [0, 3], [0, 0])).toEqual([])
      expect(drop(mode, [0, 0], [1, 3])).toEqual([])
    }
  })

  it('is told which by the keys held', () => {
    const keys = { ctrlKey: false, metaKey: false, shiftKey: false }
    expect(dropMode(keys)).toBe('swap')
    expect(dropMode({ ...keys, metaKey: true })).toBe('copy')
    expect(dropMode({ ...keys, shiftKey: true })).toBe('move')
  })
})

describe('the keyboard in the month', () => {
  /** A group, three officers, a group, two officers. */
  const view = { days: 28, lines: 7, page: 3, isOfficer: (line: number) => line !== 0 && line !== 4 }
  const press = (key: string, line: number, day: number, ctrlKey = false) =>
    stepTo({ key, ctrlKey, metaKey: false }, { line, day }, view)

  it('steps over an organisation’s own line in both directions', () => {
    expect(press('ArrowDown', 3, 5)).toEqual({ line: 5, day: 5 })
    expect(press('ArrowUp', 5, 5)).toEqual({ line: 3, day: 5 })
  })

  it('stays within the month', () => {
    expect(press('ArrowUp', 1, 0)).toEqual({ line: 1, day: 0 })
    expect(press('ArrowDown', 6, 0)).toEqual({ line: 6, day: 0 })
    expect(press('ArrowLeft', 1, 0)).toEqual({ line: 1, day: 0 })
    expect(press('ArrowRight', 1, 27)).toEqual({ line: 1, day: 27 })
  })

  it('leaps to ends, corners and by pages', () => {
    expect(press('Home', 3, 9)).toEqual({ line: 3, day: 0 })
    expect(press('End', 3, 9)).toEqual({ line: 3, day: 27 })
    expect(press('Home', 5, 9, true)).toEqual({ line: 1, day: 0 })
    expect(press('End', 1, 9, true)).toEqual({ line: 6, day: 27 })
    expect(press('PageDown', 1, 9)).toEqual({ line: 5, day: 9 })
  })

  it('leaves every other key to the cell', () => {
    expect(press('Enter', 1, 0)).toBeNull()
    expect(press('p', 1, 0)).toBeNull()
  })
})
