import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadDemonstration } from '../apps/demo/demonstration.ts'
import { loadRealDistrict } from '../apps/demo/real-district.ts'
import { loadRouter, loadRoadNetwork } from '../capabilities/place/server/map.store.ts'
import { seededChance } from '../foundation/core/chance.ts'
import type { Position } from '../foundation/core/geo.ts'
import { isRefusal } from '../foundation/core/outcome.ts'
import type { Database } from '../foundation/server/db.ts'
import { projectRoot } from '../foundation/server/migrate.ts'
import type { RoadGraph } from '../solvers/routing/graph.ts'
import { bodyOf } from './product/client.ts'
import { latencyRows, loadRow, timed, type Row } from './product/figures.ts'
import { openProduct } from './product/product.ts'
import { fillUp, pointsOnRoads, type PlacedUnits } from './product/units.ts'
import { candidatesFrom, rank, unitByUnit } from './recommendation/in-process.ts'
import { valhallaRows } from './recommendation/valhalla.ts'

/**
 * Whom to send, with 500 units on the road network: through the HTTP route as the console asks, and the pure part
 * alone. Beside it, in the same run and for the same units and incidents, a search from each unit.
 */
const UNITS = 500
const INCIDENTS = 100
/** A third of the incidents have a unit already, as in a busy hour. */
const ANSWERED_SHARE = 1 / 3
const QUESTIONS = 1_000
const WARMING_UP = 100
const PORTLAND = '../shared/data/osm/portland-central.osm.pbf'
const SEED = 7

export async function measure(): Promise<Row[]> {
  const rows = [loadRow()]
  rows.push(
    ...(await measureDistrict('demonstration district', async (database) => {
      await loadDemonstration(database, { now: Date.now() })
    })),
  )
  const osm = join(projectRoot(), PORTLAND)
  if (!existsSync(osm))
    return [
      ...rows,
      { measure: 'Portland', value: null, unit: '', note: `${PORTLAND} is not here: left out` },
    ]
  const portland = await measureDistrict('Portland', (database) => loadPortland(database, osm), osm)
  return [...rows, ...portland]
}

async function loadPortland(database: Database, osm: string): Promise<void> {
  const loaded = await loadRealDistrict(database, {
    name: 'portland',
    osm,
    incidents: null,
    mapping: null,
    hourProfile: null,
    rejectPath: null,
    seed: SEED,
    now: Date.now(),
  })
  if (isRefusal(loaded)) throw new Error(`${loaded.refused} ${JSON.stringify(loaded.detail)}`)
}

async function measureDistrict(
  name: string,
  load: (database: Database) => Promise<void>,
  osm?: string,
): Promise<Row[]> {
  let units: PlacedUnits | null = null
  const product = await openProduct(async (database) => {
    await load(database)
    units = await fillUp(database, UNITS)
  })
  try {
    const { unitIds, report } = units! as PlacedUnits
    const graph = (await loadRoadNetwork(product.database.db)) as RoadGraph
    const chance = seededChance(SEED)
    const positions = pointsOnRoads(graph, chance, UNITS)
    await report(product.client, positions)
    const incidents: { id: string; position: Position }[] = []
    for (const position of pointsOnRoads(graph, chance, INCIDENTS)) {
      const reported = { origin: 'citizen', typeCode: '0301', summary: '两车追尾', address: '', position }
      const { incident } = bodyOf<{ incident: { id: string } }>(
        await product.client.post('/api/reports', reported),
      )
      incidents.push({ id: incident.id, position })
      if (chance.next() < ANSWERED_SHARE)
        await product.client.post(`/api/incidents/${incident.id}/dispatch`, {
          unitIds: [chance.pick(unitIds)],
        })
    }
    await product.settled()
    await report(product.client, positions)

    const overHttp = await ask(1)
    const fourAtOnce = await ask(4)

    async function ask(consoles: number): Promise<number[]> {
      const took: number[] = []
      let asked = -WARMING_UP
      const oneConsole = async () => {
        while (asked < QUESTIONS) {
          const counts = asked++ >= 0
          const { milliseconds, gave } = await timed(() =>
            product.client.get(`/api/incidents/${chance.pick(incidents).id}/recommendation`),
          )
          const { alternatives, handle } = bodyOf<{ alternatives: unknown[]; handle: unknown[] }>(gave)
          if (alternatives.length + handle.length < UNITS / 2) throw new Error('units are missing')
          if (counts) took.push(milliseconds)
        }
      }
      await Promise.all(Array.from({ length: consoles }, oneConsole))
      return took
    }

    const router = await loadRouter(product.database.db)
    const candidates = candidatesFrom(unitIds, positions)
    const pure: number[] = []
    for (let n = -WARMING_UP; n < QUESTIONS; n++) {
      const { position } = chance.pick(incidents)
      const { milliseconds } = await timed(() => rank(candidates, position, router))
      if (n >= 0) pure.push(milliseconds)
    }
    const naive: number[] = []
    let farthestApart = 0
    for (const { position } of incidents.slice(0, 20)) {
      const { milliseconds, gave } = await timed(() => unitByUnit(graph, router, positions, position))
      naive.push(milliseconds)
      router.travelToOne(position, positions).forEach((travel, n) => {
        farthestApart = Math.max(farthestApart, Math.abs(travel.seconds - gave[n]!))
      })
    }
    const roads = `${graph.nodeCount.toLocaleString('en')} nodes, ${graph.edgeFrom.length.toLocaleString('en')} roads`
    return [
      ...latencyRows(`${name}: recommendation by HTTP`, overHttp, {
        targetMilliseconds: 50,
        note: `${UNITS} units, ${roads}`,
      }),
      ...latencyRows(`${name}: the same, 4 consoles at once`, fourAtOnce),
      ...latencyRows(`${name}: reverse search and ranking alone`, pure),
      ...latencyRows(`${name}: a search from each unit`, naive, {
        note: `travel times differ by ${farthestApart.toFixed(2)} s at most`,
      }),
      ...(osm
        ? await valhallaRows(osm, positions, incidents, (target) => router.travelToOne(target, positions))
        : []),
    ]
  } finally {
    await product.close()
  }
}
