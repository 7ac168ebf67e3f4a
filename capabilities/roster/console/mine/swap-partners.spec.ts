import { describe, expect, it } from 'vitest'
import { allowedOptions, openGround, optionKey } from '../../core/index.ts'
import { makeUpGround } from '../../core/made-up-ground.ts'
import { withEdits } from '../grid/desk.ts'
import { swapPartners } from './swap-partners.ts'

const ground = makeUpGround({
  ...{ seed: 4, stations: 2, officersPerStation: 8, days: 14, leaveShare: 0, trainingShare: 0 },
  patternCode: 'four-plus-one',
})
const open = openGround(ground)
const cells = ground.officers.map((_, officer) =>
  open.dates.map((__, day) => optionKey(allowedOptions(open, officer, day)[0]!)),
)
const day = open.dates.findIndex((_, each) => open.role(0, each)?.code === 'primary')
const mine = { officerId: ground.officers[0]!.id, date: open.dates[day]! }

describe('with whom a day can be exchanged', () => {
  it('are colleagues of the same station with a duty on the other day, the lawful ones first', () => {
    const other = open.dates.findIndex((_, each) => each > day && open.role(1, each)?.code === 'primary')
    const partners = swapPartners(ground, cells, mine, open.dates[other]!)
    expect(partners.map(({ officerId }) => officerId).toSorted()).toEqual(
      ground.officers
        .filter(
          ({ organisationId }, officer) =>
            organisationId === 'station-1' && cells[officer]![other]!.includes('/'),
        )
        .map(({ id }) => id)
        .filter((id) => id !== mine.officerId)
        .toSorted(),
    )
    expect(partners.map(({ breaks }) => breaks)).toEqual(
      partners.map(({ breaks }) => breaks).toSorted((a, b) => a - b),
    )
  })

  it('is nobody who is away on either day, and nobody who has the very same', () => {
    const same = swapPartners(ground, cells, mine, mine.date)
    expect(same.every(({ key }) => key !== cells[0]![day])).toBe(true)
    const away = withEdits(cells, [{ officer: 0, day, key: 'leave' }])
    expect(swapPartners(ground, away, mine, open.dates[day + 1]!)).toEqual([])
  })

  it('is nobody where the date is not in the roster', () => {
    expect(swapPartners(ground, cells, mine, '2027-06-01')).toEqual([])
  })
})
