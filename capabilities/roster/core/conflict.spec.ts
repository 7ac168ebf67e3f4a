import loadHighs from 'highs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Highs } from '../../../solvers/rostering/highs.ts'
import { nameConflict } from './conflict.ts'
import { makeUpGround } from './made-up-ground.ts'
import { openGround } from './options.ts'
import type { RosterGround } from './roster.ts'

const clock = () => performance.now()
const hold = { clock, shouldStop: () => false }

describe('the rules that leave no roster', () => {
  let highs: Highs
  beforeAll(async () => {
    highs = (await loadHighs()) as unknown as Highs
  })

  const ground = makeUpGround({
    ...{ seed: 3, stations: 2, officersPerStation: 12, days: 14, patternCode: 'three-shift' },
    ...{ leaveShare: 0, trainingShare: 0 },
  })

  it('are none where there is a roster', () => {
    expect(nameConflict(ground, hold, highs)).toBeNull()
  })

  it('are the post, its leader or number, and the leave of those who could have stood there', () => {
    const open = openGround(ground)
    const day = 5
    // All sworn officers of the platoon that works that day in one of the stations are on leave.
    const platoon = [0, 1, 2].find((one) =>
      ground.officers.some(
        (officer, row) => officer.platoon === one && (open.role(row, day)?.shifts.length ?? 0) > 0,
      ),
    )
    const leaders = ground.officers
      .filter((who) => who.organisationId === 'station-2' && who.sworn && who.platoon === platoon)
      .map(({ id }) => id)
    expect(leaders.length).toBeGreaterThan(1)
    const date = open.dates[day]!
    const absences: RosterGround['absences'] = leaders.map((officerId) => ({
      ...{ officerId, kind: 'leave' as const, fromDate: date, untilDate: date },
    }))
    const conflict = nameConflict({ ...ground, absences }, hold, highs)!
    expect(conflict.isSmallest).toBe(true)
    const rules = conflict.rules.map(({ rule }) => rule)
    expect(rules).toEqual(expect.arrayContaining(['R02', 'R09']))
    expect(
      conflict.rules
        .filter(({ rule }) => rule === 'R02')
        .map(({ officerId }) => officerId)
        .sort(),
    ).toEqual([...leaders].sort())
    for (const { organisationId, fromDate, untilDate } of conflict.rules) {
      expect([fromDate, untilDate]).toEqual([date, date])
      expect(organisationId ?? 'station-2').toBe('station-2')
    }
    // With one of them back the desk has its leader, and the patrol unit has none.
    const one = nameConflict({ ...ground, absences: absences.slice(1) }, hold, highs)!
    expect(one.rules.flatMap(({ rule, detail }) => (rule === 'R09' ? [detail['postId']] : []))).toEqual([
      'station-2-desk',
      'station-2-unit-1',
    ])
    const unasked = ground.posts.map((post) => ({ ...post, needsLeader: false, minOfficers: 0 }))
    expect(nameConflict({ ...ground, absences, posts: unasked }, hold, highs)).toBeNull()
  })

  it('are the hours of a week where the pattern asks more than they allow', () => {
    const tight = { ...ground, rules: { ...ground.rules, maxMinutesPer7Days: 600, streetShares: [] } }
    const conflict = nameConflict(tight, hold, highs)!
    expect(conflict.rules.map(({ rule }) => rule)).toContain('R05')
    expect(conflict.rules.find(({ rule }) => rule === 'R05')!.detail).toEqual({ limitMinutes: 600 })
  })

  it('are the fewest, where one day has no way out for two reasons', () => {
    const open = openGround(ground)
    // Whoever works the first day has more than ten hours of it; and the leaders who should are on leave besides.
    const onFirst = ground.officers.filter(
      (who, row) => who.sworn && open.role(row, 0)?.shifts.includes('whole-day'),
    )
    const absences = onFirst.map(({ id }) => ({
      ...{ officerId: id, kind: 'leave' as const, fromDate: ground.fromDate, untilDate: ground.fromDate },
    }))
    expect(nameConflict({ ...ground, absences }, hold, highs)!.rules.length).toBeGreaterThan(2)
    const both = { ...ground, absences, rules: { ...ground.rules, maxMinutesPer7Days: 600 } }
    const conflict = nameConflict(both, hold, highs)!
    expect(conflict.isSmallest).toBe(true)
    // With the hours of a day: that somebody must be there, or that the pattern calls them.
    expect(conflict.rules).toHaveLength(2)
    expect(conflict.rules.map(({ rule }) => rule)).toContain('R05')
  })

  it('say that they may be too many where the time ends', () => {
    const tight = { ...ground, rules: { ...ground.rules, maxMinutesPer7Days: 600 } }
    const whole = nameConflict(tight, hold, highs)!
    const stopped = [0, 20, 40, 80].map((most) => {
      let asked = 0
      return nameConflict(tight, { clock, shouldStop: () => ++asked > most }, highs)
    })
    const partial = stopped.filter((conflict) => conflict !== null && !conflict.isSmallest)
    expect(partial.length).toBeGreaterThan(0)
    for (const conflict of partial) expect(conflict!.rules.length).toBeGreaterThanOrEqual(whole.rules.length)
  })
})
