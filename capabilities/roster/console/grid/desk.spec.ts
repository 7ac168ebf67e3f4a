import { describe, expect, it } from 'vitest'
import { allowedOptions, checkRoster, findOption, openGround, optionKey } from '../../core/index.ts'
import { makeUpGround } from '../../core/made-up-ground.ts'
import { breachesByPlace, openDesk, withEdits, type Cells } from './desk.ts'

const ground = makeUpGround({
  ...{ seed: 2, stations: 2, officersPerStation: 12, days: 14, leaveShare: 0.2, trainingShare: 0.1 },
  patternCode: 'four-plus-one',
})
const open = openGround(ground)
const stored: Cells = ground.officers.map((_, officer) =>
  Array.from({ length: ground.days }, (__, day) => optionKey(allowedOptions(open, officer, day)[0]!)),
)
const grid = (cells: Cells) => cells.map((row) => row.map((key) => findOption(key)!))
const sorted = (breaches: Iterable<unknown>) => [...breaches].map((each) => JSON.stringify(each)).sort()
const dutyAt = stored.flatMap((row, officer) =>
  row.flatMap((key, day) => (key.includes('/') ? [{ officer, day, key }] : [])),
)
const off = (index: number) => ({ ...dutyAt[index]!, key: 'off' })

describe('a roster on the desk', () => {
  it('knows after every edit, undo and redo exactly what the check says of the whole', () => {
    const desk = openDesk(ground, stored)
    const agrees = () => {
      const { cells, breaches } = desk.state.get()
      expect(sorted(breaches.values())).toEqual(sorted(new Set(checkRoster(ground, grid(cells)))))
    }
    agrees()
    const steps = [
      () => desk.make([off(0), off(5)]),
      () => desk.make([{ ...dutyAt[9]!, key: dutyAt[0]!.key }]),
      desk.undo,
      desk.undo,
      desk.redo,
      () => desk.make([off(20)]),
      desk.discard,
    ]
    for (const step of steps) {
      step()
      agrees()
    }
    expect(desk.state.get().cells).toEqual(stored)
  })

  it('tries without keeping, and tells beforehand what making it tells', () => {
    const desk = openDesk(ground, stored)
    const tried = desk.try([off(0)])
    expect(desk.state.get().cells).toBe(stored)
    desk.make([off(0)])
    expect(desk.state.get().told).toEqual(tried)
    expect(tried.added.length).toBeGreaterThan(0)
  })

  it('lists what is not stored, and nothing once an edit is taken back by hand', () => {
    const desk = openDesk(ground, stored)
    const { officer, day, key } = dutyAt[3]!
    desk.make([off(3)])
    expect(desk.changes()).toEqual([
      { officerId: ground.officers[officer]!.id, date: open.dates[day], option: 'off' },
    ])
    desk.make([{ officer, day, key }])
    expect(desk.state.get().pending).toEqual([])
  })

  it('lays edits over what somebody else has saved, and names the cells that both changed', () => {
    const desk = openDesk(ground, stored)
    desk.make([off(0), off(1)])
    const theirs = withEdits(stored, [
      { ...dutyAt[1]!, key: 'training' },
      { ...dutyAt[7]!, key: 'off' },
    ])
    desk.rebase(theirs)
    const { cells, pending, conflicts, canUndo } = desk.state.get()
    const at = (index: number) => cells[dutyAt[index]!.officer]![dutyAt[index]!.day]
    expect([at(0), at(1), at(7)]).toEqual(['off', 'off', 'off'])
    expect(pending).toHaveLength(2)
    expect(canUndo).toBe(true)
    expect(conflicts).toEqual([
      {
        ...{ officer: dutyAt[1]!.officer, day: dutyAt[1]!.day },
        ...{ was: dutyAt[1]!.key, theirs: 'training', mine: 'off' },
      },
    ])
    desk.settle(conflicts[0]!, 'theirs')
    const after = desk.state.get()
    expect(after.conflicts).toEqual([])
    expect(after.cells[dutyAt[1]!.officer]![dutyAt[1]!.day]).toBe('training')
    desk.undo()
    expect(desk.state.get().cells).toEqual(theirs)
  })

  it('keeps as pending what was edited while a save was on its way', () => {
    const desk = openDesk(ground, stored)
    desk.make([off(0)])
    const sent = desk.state.get().pending
    desk.make([off(1)])
    desk.saved(sent)
    expect(desk.state.get().pending).toEqual([off(1)])
  })
})

describe('breaches by place', () => {
  it('stand at the officer’s cell, or at the organisation’s day', () => {
    const desk = openDesk(ground, stored)
    desk.make([off(0)])
    const all = [...desk.state.get().breaches.values()]
    const places = breachesByPlace(ground, all)
    expect([...places.values()].flat()).toHaveLength(all.length)
    const { officer, day } = dutyAt[0]!
    expect(places.get(`${officer}/${day}`)!.map(({ rule }) => rule)).toContain('R01')
  })
})
