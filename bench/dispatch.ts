import { loadDemonstration } from '../apps/demo/demonstration.ts'
import { loadRoadNetwork } from '../capabilities/place/server/map.store.ts'
import { seededChance } from '../foundation/core/chance.ts'
import type { RoadGraph } from '../solvers/routing/graph.ts'
import { openLoop } from './dispatch/open-loop.ts'
import { race } from './dispatch/races.ts'
import { bodyOf } from './product/client.ts'
import { latencyRows, loadRow, type Row } from './product/figures.ts'
import { openProduct } from './product/product.ts'
import { fillUp, pointsOnRoads, type PlacedUnits } from './product/units.ts'

/**
 * Dispatch commands at 50 a second for a minute, sent at their times whatever the answers take; then 10,000 races
 * of four orders each for one unit, whose double assignments are counted in the database.
 */
const UNITS = 500
const INCIDENTS = 200
const ORDERS_A_SECOND = 50
const SECONDS = 60
const RACES = 10_000
const SEED = 11

export async function measure(): Promise<Row[]> {
  const before = loadRow()
  let units: PlacedUnits | null = null
  const product = await openProduct(async (database) => {
    await loadDemonstration(database, { now: Date.now() })
    units = await fillUp(database, UNITS)
  })
  try {
    const { unitIds, report } = units! as PlacedUnits
    const graph = (await loadRoadNetwork(product.database.db)) as RoadGraph
    const chance = seededChance(SEED)
    await report(product.client, pointsOnRoads(graph, chance, UNITS))
    const incidentIds: string[] = []
    for (const position of pointsOnRoads(graph, chance, INCIDENTS)) {
      const reported = { origin: 'citizen', typeCode: '0301', summary: '两车追尾', address: '', position }
      const opened = bodyOf<{ incident: { id: string } }>(await product.client.post('/api/reports', reported))
      incidentIds.push(opened.incident.id)
    }
    await product.settled()
    const about = { product, unitIds, incidentIds }

    await openLoop({ ...about, ordersASecond: ORDERS_A_SECOND, seconds: 5 })
    const load = await openLoop({ ...about, ordersASecond: ORDERS_A_SECOND, seconds: SECONDS })
    const races = await race({ ...about, count: RACES })
    const settledAfter = `${load.commandsASecond.toFixed(0)} commands/s in all: each order is released again; flows settled ${load.settledMilliseconds.toFixed(0)} ms after the last`
    return [
      before,
      ...latencyRows(`dispatch at ${ORDERS_A_SECOND}/s, open loop`, load.orders, {
        targetMilliseconds: 100,
        note: settledAfter,
      }),
      ...latencyRows('releases beside them', load.releases),
      {
        measure: 'races for one unit',
        value: races.held,
        unit: 'races',
        note: `${races.orders.toLocaleString('en')} orders, ${races.racesASecond.toFixed(0)} races/s`,
      },
      {
        measure: 'double assignments in the database',
        value: races.doubled,
        unit: '',
        target: '0',
        reached: races.doubled === 0,
        note: 'two open at once, or two orders of a unit in the stream without a release between',
      },
      {
        measure: 'races that nobody or several won',
        value: races.notWonOnce,
        unit: '',
        target: '0',
        reached: races.notWonOnce === 0,
      },
    ]
  } finally {
    await product.close()
  }
}
