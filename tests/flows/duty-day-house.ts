import { expect } from 'vitest'
import { roleOn, SHIPPED_PATTERNS, type Post } from '../../capabilities/roster/core/index.ts'
import { listOpenLoans } from '../../capabilities/force/server/loan.store.ts'
import * as force from '../../capabilities/force/server/store.ts'
import { listRosterAbsences, listRosterWishes } from '../../capabilities/roster/server/absence.store.ts'
import type { LifeNeeds } from '../../capabilities/roster/server/life.needs.ts'
import { settleRoster } from '../../capabilities/roster/server/settle.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { deskOf } from '../api/roster-commands.ts'
import { openTwoStations, type StationScene } from '../api/two-stations.ts'
import type { Caller, Reply } from '../house.ts'

/** Six in the morning of the second day of the roster. */
export const SIX = Date.parse('2026-12-02T06:00:00+08:00')
export const HOUR = 3_600_000
export const TODAY = '2026-12-02'
export const three = SHIPPED_PATTERNS.find(({ code }) => code === 'three-shift')!
/** The shift of somebody’s office day, 09–17, and of the whole day from eight to eight. */
export const OFFICE = three.shifts.find(({ lengthMinutes }) => lengthMinutes === 480)!.code
export const WHOLE = three.shifts.find(({ lengthMinutes }) => lengthMinutes === 1440)!.code

export interface DutyGiven {
  readonly officer: number
  readonly date: string
  readonly shift: string
  readonly at?: StationScene
}

export type DutyDayHouse = Awaited<ReturnType<typeof openDutyDay>>

/** What timers and flows are given in the house. */
export const needs: LifeNeeds = {
  timeZone: () => 'Asia/Shanghai',
  listOrganisations: force.listOrganisations,
  listOfficers: force.listOfficers,
  listUnits: force.listUnits,
  listLoans: listOpenLoans,
  listPersons: force.listOfficerPersons,
  listAbsences: listRosterAbsences,
  listWishes: (db, fromDate, untilDate) => listRosterWishes(db, fromDate, untilDate),
  sensitiveTopics: () => [],
}

/** Two stations on the three-shift pattern with a published December, of which a test says the duties; a clock of its own. */
export async function openDutyDay(duties: readonly Omit<DutyGiven, 'at'>[]) {
  const clock = { now: SIX }
  const scene = await openTwoStations({ now: () => clock.now })
  const { east, west, house, all } = scene
  const { db } = house.database
  const posts: Post[] = [east, west].map(({ organisationId }) => ({
    ...deskOf(organisationId),
    minOfficers: 1,
  }))
  const keyOf = (shift: string, station = east) =>
    `${station.organisationId}/${shift}/${posts[station === east ? 0 : 1]!.id}`
  const scheme = ({ organisationId, officers }: StationScene) => ({
    ...{ organisationId, patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2026-01-01' },
    platoons: [[officers[0]!, officers[3]!], [officers[1]!], [officers[2]!]],
  })
  const [rosterId] = await inTransaction(db, (tx) =>
    settleRoster(
      tx,
      {
        ...{ schemes: [scheme(east), scheme(west)], posts, holidays: [] },
        rosters: [
          {
            ...{ fromDate: '2026-12-01', days: 28, title: '十二月' },
            cells: duties.map(({ officer, date, shift }) => ({
              officerId: east.officers[officer]!,
              organisationId: east.organisationId,
              date,
              option: {
                ...{ kind: 'duty' as const, organisationId: east.organisationId, shift },
                ...{ postId: posts[0]!.id, draw: null },
              },
            })),
          },
        ],
      },
      { timeZone: 'Asia/Shanghai', now: clock.now },
    ),
  )
  const officers: Caller[] = []
  for (const id of east.officers) officers.push(await scene.officerAt(east, id))
  const checked = async <T>(reply: Promise<Reply<T>>): Promise<T> => {
    const { status, body } = await reply
    expect(status, JSON.stringify(body)).toBeLessThan(300)
    return body
  }
  return {
    ...{ clock, scene, house, east, west, all, db, posts, keyOf, officers, rosterId: rosterId! },
    chief: await scene.at(east, 'station-chief'),
    checked,
    settled: () => house.server.flows.settled(),
    /** What an officer of the east station has on a date in the published roster. */
    async cell(officer: number, date: string): Promise<string> {
      const { body } = await officers[officer]!.get<{ days: { date: string; option: string }[] }>(
        `/api/my-roster?from=${date}&days=1`,
      )
      return body.days[0]?.option ?? 'off'
    },
    async version(): Promise<number> {
      const { body } = await all.get<{ rosters: { id: string; version: number }[] }>('/api/rosters')
      return body.rosters.find(({ id }) => id === rosterId)!.version
    },
    roleOf: (platoon: number, date: string) => roleOn(three, '2026-01-01', platoon, date).code,
    close: () => scene.close(),
  }
}
