import { describe, expect, it } from 'vitest'
import { makeUpGround } from './made-up-ground.ts'
import { allowedOptions, listOptions, openGround } from './options.ts'
import { optionText, planRosterImport, type RosterTable } from './roster-table.ts'
import { optionKey } from './roster.ts'

const open = openGround(
  makeUpGround({
    ...{ seed: 1, stations: 2, officersPerStation: 8, days: 7, patternCode: 'four-plus-one' },
    ...{ leaveShare: 0, trainingShare: 0, fromDate: '2026-12-01' },
  }),
)
const badges = new Map(open.ground.officers.map(({ id }) => [`B-${id}`, id]))
const table = (headings: readonly string[], ...rows: readonly (readonly string[])[]): RosterTable => ({
  ...{ headings, headingLine: 1 },
  rows: rows.map((cells, index) => ({ line: index + 2, cells })),
})
const all = () => true

describe('a roster in a table', () => {
  it('is read again as it was written, in both languages', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const rows = open.ground.officers.map(({ id }, row) => [
        `B-${id}`,
        ...open.dates.map((_, day) => optionText(open, allowedOptions(open, row, day)[0]!, language)),
      ])
      const { cells, accepted, rejected } = planRosterImport(
        open,
        table(['警号', ...open.dates], ...rows),
        badges,
        all,
      )
      expect([accepted, rejected]).toEqual([16, []])
      expect(cells.map(({ option }) => optionKey(option))).toEqual(
        open.ground.officers.flatMap((_, row) =>
          open.dates.map((__, day) => optionKey(allowedOptions(open, row, day)[0]!)),
        ),
      )
    }
  })

  it('tells every option of an organisation from every other', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const texts = listOptions(open)
        .filter((option) => option.kind !== 'duty' || option.organisationId === 'station-1')
        .map((option) => optionText(open, option, language))
      expect(new Set(texts).size).toBe(texts.length)
    }
  })

  it('takes or rejects each row whole, with line, column and cause', () => {
    const [first, second, third] = open.ground.officers.map(({ id }) => `B-${id}`) as [string, string, string]
    const foreign = `B-${open.ground.officers.at(-1)!.id}`
    const { cells, accepted, rejected } = planRosterImport(
      open,
      table(
        ['Badge number', 'Name', '2026/12/1', '2026-12-02', '2027-01-01'],
        [first, 'x', 'OFF', '', '休'],
        [second, 'x', 'no such duty', '培训', ''],
        ['', 'x', 'off', 'off', ''],
        ['X-9', 'x', 'off', 'off', ''],
        [first, 'x', 'off', 'off', ''],
        [foreign, 'x', 'off', 'off', ''],
        [third, 'x', '', '休 假', ''],
      ),
      badges,
      (organisationId) => organisationId === 'station-1',
    )
    expect(accepted).toBe(2)
    expect(cells.map(({ date, option }) => [date, option.kind])).toEqual([
      ['2026-12-01', 'off'],
      ['2026-12-02', 'leave'],
    ])
    expect(rejected.map(({ line, column, code }) => [line, column, code])).toEqual([
      [1, '2027-01-01', 'date-outside-roster'],
      [3, '2026/12/1', 'option-unknown'],
      [4, 'Badge number', 'no-badge'],
      [5, 'Badge number', 'badge-unknown'],
      [6, 'Badge number', 'officer-twice'],
      [7, 'Badge number', 'out-of-scope'],
    ])
  })
})
