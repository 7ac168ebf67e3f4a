import { expect } from 'vitest'
import { ACCESS as BOARD_ACCESS, NO_ROSTER } from '../../capabilities/board/core/index.ts'
import { readIsOut } from '../../capabilities/board/server/levels.ts'
import type { BoardNeeds } from '../../capabilities/board/server/needs.ts'
import { registerBoardRoutes } from '../../capabilities/board/server/routes.ts'
import { ACCESS as FORCE_ACCESS, type OrganisationId } from '../../capabilities/force/core/index.ts'
import type { RosteredNow } from '../../capabilities/roster/core/index.ts'
import { callDuty, changePost, changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { importOfficers, importUnits } from '../../capabilities/force/server/imports.ts'
import { insertOrganisation } from '../../capabilities/force/server/register.store.ts'
import { registerForceRoutes } from '../../capabilities/force/server/routes.ts'
import {
  listOfficerPersons,
  lockSubjects,
  readForceBoard,
  readOrganisationTree,
} from '../../capabilities/force/server/store.ts'
import { ACTIVATION_FLOW } from '../../flows/activation.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { bindFlow } from '../../foundation/server/outbox/runner.ts'
import { openRooms, type Call } from '../rooms.ts'

export const START = Date.parse('2026-11-24T12:00:00Z')
export const MINUTE = 60_000
/** Units that dispatch has ordered to an incident; the test says which. */
export const committed = new Set<string>()

/** What a published roster has officers do; none holds unless a test says so. */
export const rostered: { now: RosteredNow } = { now: NO_ROSTER }

export const needs: BoardNeeds = {
  readForce: readForceBoard,
  listPersons: listOfficerPersons,
  lockSubjects,
  changeUnitStatus,
  changePost,
  listCommittedUnits: async () => committed,
  listContacts: async () => new Map(),
  readRostered: async () => rostered.now,
}

export interface Order {
  id: string
  state: string
  subject: { kind: string; unitId?: string; officerId?: string }
  chasedCount: number
  escalatedAt: string | null
  endedBecause: string | null
}
export interface Activation {
  id: string
  level: number
  targetReachedAt: string | null
  stoodDownAt: string | null
  orders: Order[]
  forecast: {
    kind: string
    minutesToTarget?: number
    short?: number
    lacking?: { officerId: string }[]
  } | null
}

export type ActivationHouse = Awaited<ReturnType<typeof openActivationHouse>>

/** Force, board and their flow over a real database, with a clock that the test moves (`house.now`). */
export async function openActivationHouse() {
  const clock = { now: START }
  const organisations: Record<string, OrganisationId> = {}
  const rooms = await openRooms(
    {
      rules: [...FORCE_ACCESS, ...BOARD_ACCESS],
      organisationTree: readOrganisationTree,
      register(app) {
        registerForceRoutes(app, { commitmentOf: async () => null, isOut: readIsOut })
        registerBoardRoutes(app, needs)
      },
      flows: bindFlow(ACTIVATION_FLOW, { needs, now: () => clock.now }),
    },
    () => clock.now,
  )
  const { db } = rooms.database
  const commander = await rooms.as({ grants: [{ role: 'duty-commander', organisationId: null }] })
  const dispatcher = await rooms.as({ grants: [{ role: 'dispatcher', organisationId: null }] })

  const system = () => systemContext('test', clock.now)
  const force = () => readForceBoard(db, clock.now)
  const unit = async (callSign: string) => (await force()).units.find((one) => one.callSign === callSign)!
  const officer = async (badge: string) => (await force()).officers.find((one) => one.badgeNumber === badge)!
  const setStatus = async (callSign: string, status: string) => {
    const answer = await dispatcher('POST', `/api/units/${(await unit(callSign)).id}/status`, { status })
    expect(answer.status).toBe(200)
  }
  const open = async () =>
    (await commander<{ activation: Activation | null }>('GET', '/api/activations/open')).body.activation!
  const orderOf = async (callSignOrBadge: string) => {
    const [unitId, officerId] = [(await unit(callSignOrBadge))?.id, (await officer(callSignOrBadge))?.id]
    return (await open()).orders
      .filter(
        ({ subject }) =>
          (unitId && subject.unitId === unitId) || (officerId && subject.officerId === officerId),
      )
      .at(-1)!
  }

  /** Two stations: U1 (u1, u2) is out; U2 (u3) and S1 (s1, s2) are in; u4 and s3 have no unit; u5 is at home. */
  async function settleIn(): Promise<void> {
    clock.now = START
    committed.clear()
    rostered.now = NO_ROSTER
    await rooms.empty()
    await inTransaction(db, async (tx) => {
      for (const [code, parent] of [
        ['bureau', null],
        ['urban', 'bureau'],
        ['special', 'bureau'],
      ] as const)
        organisations[code] = await insertOrganisation(tx, {
          parentId: parent === null ? null : organisations[parent]!,
          code,
          kind: parent === null ? 'sub-bureau' : 'station',
          nameZh: code,
          nameEn: code,
          position: null,
          dutyCommanderOfficerId: null,
        })
    })
    const badges = ['u1', 'u2', 'u3', 'u4', 'u5', 's1', 's2', 's3']
    await importOfficers(
      db,
      system(),
      badges.map((badge, index) => ({
        row: index + 2,
        cells: { badge, name: `警员${badge}`, org: badge.startsWith('u') ? 'urban' : 'special' },
      })),
    )
    await importUnits(db, system(), [
      { row: 2, cells: { unit: 'U1', org: 'urban', leader: 'u1', crew: 'u2' } },
      { row: 3, cells: { unit: 'U2', org: 'urban', leader: 'u3' } },
      { row: 4, cells: { unit: 'S1', org: 'special', leader: 's1', crew: 's2' } },
    ])
    const on = (await force()).officers.filter(({ badgeNumber }) => badgeNumber !== 'u5')
    await inTransaction(db, (tx) =>
      callDuty(
        tx,
        system(),
        on.map(({ id }) => id),
        'on',
      ),
    )
    await setStatus('U1', 'patrolling')
    await setStatus('U2', 'briefing')
    await rooms.settled()
  }

  return {
    clock,
    rooms,
    db,
    organisations,
    commander,
    dispatcher,
    settleIn,
    force,
    unit,
    officer,
    setStatus,
    open,
    orderOf,
    settled: () => rooms.settled(),
    share: async () =>
      (await commander<{ total: { share: number } }>('GET', '/api/street-strength')).body.total.share,
    topics: async () =>
      (await db.selectFrom('outbox').select('topic').orderBy('id').execute()).map((row) => row.topic),
    answer: async (who: string, verb: string, body?: object, by: Call = dispatcher) =>
      by('POST', `/api/activation-orders/${(await orderOf(who)).id}/${verb}`, body),
    close: () => rooms.close(),
  }
}
