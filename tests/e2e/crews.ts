import { prepareCredentials } from '../../apps/simulator/credentials.ts'
import { readRoads } from '../../apps/simulator/from-history.ts'
import { play, type Play } from '../../apps/simulator/play.ts'
import { openDatabase } from '../../foundation/server/db.ts'
import { APP_ROLE } from '../../foundation/server/migrate.ts'
import type { Demonstrated } from '../demonstrated.ts'

/** How much faster than the clock crews drive and answer: somebody waits for them. */
const SPEED = 10

/**
 * The demonstration's crews without its callers and its commander: they report where they are, acknowledge, drive,
 * arrive, all through the public API, and nothing happens but what the test does.
 */
export async function sendCrewsOut(product: Demonstrated): Promise<Play> {
  const database = openDatabase({ url: product.databaseUrl, role: APP_ROLE })
  const credentials = await prepareCredentials(database.db, Date.now())
  const roads = await readRoads(database)
  await database.close()
  return play({
    baseUrl: product.url,
    credentials,
    roads,
    calls: [],
    dueAt: (occurredAt) => occurredAt,
    seed: 3,
    speed: SPEED,
    commander: false,
    now: Date.now,
  })
}
