import { withDatabase } from '../../apps/cli/connection.ts'
import { prepareCredentials } from '../../apps/simulator/credentials.ts'
import { readRoads } from '../../apps/simulator/from-history.ts'
import { play, type Play } from '../../apps/simulator/play.ts'
import type { Product } from '../browser.ts'

/** How much faster than the clock crews drive and answer: somebody waits for them. */
const SPEED = 10

/**
 * The demonstration's crews without its callers and its commander: they report where they are, acknowledge, drive,
 * arrive, all through the public API, and nothing happens but what the test does.
 */
export async function sendCrewsOut(product: Product): Promise<Play> {
  const { credentials, roads } = await withDatabase(product.dataFolder, async (database) => ({
    credentials: await prepareCredentials(database.db, Date.now()),
    roads: await readRoads(database),
  }))
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
