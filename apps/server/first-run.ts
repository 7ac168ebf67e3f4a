import type { Database } from '../../foundation/server/db.ts'
import { listOrganisations } from '../../capabilities/force/server/store.ts'
import { loadDemonstration } from '../demo/demonstration.ts'
import type { StartArguments } from './arguments.ts'
import type { RunningServer } from './server.ts'

type Say = (chinese: string, english: string) => void

/** Loads the district into an empty database: the generated one, or real roads and real calls. */
export async function fillOnFirstRun(database: Database, _args: StartArguments, say: Say): Promise<void> {
  if ((await listOrganisations(database.db)).length > 0) return
  say('首次启动，正在载入演示辖区…', 'first start, loading the demonstration district …')
  await loadDemonstration(database, { now: Date.now() })
}

/** Lets simulated units and callers play through the public API. */
export async function startPlaying(
  _database: Database,
  _server: RunningServer,
  _dataFolder: string,
  _say: Say,
): Promise<{ stop(): Promise<void> }> {
  return { stop: async () => {} }
}
