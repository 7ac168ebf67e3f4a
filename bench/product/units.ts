import type { Chance } from '../../foundation/core/chance.ts'
import type { Position } from '../../foundation/core/geo.ts'
import { inTransaction, type Database } from '../../foundation/server/db.ts'
import { newSecret, secretHash } from '../../foundation/server/identity/secrets.ts'
import { newId } from '../../foundation/server/ids.ts'
import { DEGREE, type RoadGraph } from '../../solvers/routing/graph.ts'
import { findTransition, type OfficerId, type UnitId } from '../../capabilities/force/core/index.ts'
import { insertMembers, insertOfficer, insertUnit } from '../../capabilities/force/server/register.store.ts'
import {
  listOrganisations,
  listUnits,
  writeDuty,
  writeStatus,
} from '../../capabilities/force/server/store.ts'
import type { DeviceId } from '../../capabilities/location/core/index.ts'
import { bind, insertDevice } from '../../capabilities/location/server/store.ts'
import { bodyOf, type Client } from './client.ts'

export interface PlacedUnits {
  readonly unitIds: readonly string[]
  /** Tells where the units are now, as their devices would: through one gateway. */
  report(client: Client, positions: readonly Position[]): Promise<void>
}

/** Brings a settled district to `count` units, all patrolling, each of two officers with a device of its own. */
export async function fillUp({ db }: Database, count: number): Promise<PlacedUnits> {
  const now = Date.now()
  const secret = newSecret()
  return inTransaction(db, async (tx) => {
    const stations = (await listOrganisations(tx)).filter(({ kind }) => kind !== 'sub-bureau')
    const there = await listUnits(tx)
    for (let n = there.length; n < count; n++) {
      const organisationId = stations[n % stations.length]!.id
      const crew: OfficerId[] = []
      for (const seat of [1, 2])
        crew.push(
          await insertOfficer(
            tx,
            {
              organisationId,
              badgeNumber: `B${n}-${seat}`,
              name: `官${n}`,
              phone: null,
              sworn: seat === 1,
              patrolCapable: true,
              skills: [],
            },
            now,
          ),
        )
      await writeDuty(tx, crew, 'on', now)
      const unit = {
        organisationId,
        callSign: `测${n}`,
        kind: 'car',
        vehicleId: null,
        leaderOfficerId: null,
        skills: [],
        equipment: [],
      } as const
      await insertMembers(tx, await insertUnit(tx, unit, now), crew, now)
    }
    const units = await listUnits(tx)
    for (const { id, status } of units) await startPatrol(id, status)
    const gatewayId = newId<DeviceId>()
    const about = { name: '', datum: 'wgs-84' } as const
    await insertDevice(
      tx,
      { ...about, id: gatewayId, code: 'bench', kind: 'gateway', gatewayId: null },
      secretHash(secret),
      now,
    )
    for (const { id } of units) {
      const deviceId = newId<DeviceId>()
      const device = { ...about, id: deviceId, code: `of-${id}`, kind: 'phone', gatewayId } as const
      await insertDevice(tx, device, secretHash(newSecret()), now)
      await bind(tx, deviceId, { kind: 'unit', unitId: id }, newId(), now)
    }
    const unitIds = units.map(({ id }) => id as string)
    return {
      unitIds,
      async report(client, positions) {
        const fixedAt = new Date().toISOString()
        const fixes = unitIds.map((id, n) => ({ deviceId: `of-${id}`, fixedAt, ...positions[n]! }))
        bodyOf(await client.post('/positions/batch?id=bench', { fixes }, secret))
      },
    }

    async function startPatrol(id: UnitId, status: (typeof units)[number]['status']): Promise<void> {
      const step = status === 'patrolling' ? null : findTransition(status, 'patrolling')
      if (!step) return
      await writeStatus(tx, id, step, {
        source: 'system',
        at: now,
        accountId: null,
        accountName: 'bench',
        ip: '',
        cause: 'bench',
      })
    }
  })
}

/** Points on roads of the connected part, each road as likely as the next. */
export function pointsOnRoads(graph: RoadGraph, chance: Chance, count: number): Position[] {
  return Array.from({ length: count }, () => {
    for (;;) {
      const edge = chance.below(graph.edgeFrom.length)
      if (graph.edgeIsConnected[edge] === 0) continue
      const first = graph.shapeStart[edge]!
      const at = first + chance.below(graph.shapeStart[edge + 1]! - 1 - first)
      const share = chance.next()
      const between = (values: Int32Array) => (values[at]! + (values[at + 1]! - values[at]!) * share) / DEGREE
      return { lon: between(graph.shapeLon), lat: between(graph.shapeLat) }
    }
  })
}
