import type { Database } from '../../foundation/server/db.ts'
import type { StartArguments } from './arguments.ts'
import type { RunningServer } from './server.ts'

type Say = (chinese: string, english: string) => void

/** Loads the district into an empty database: the generated one, or real roads and real calls. */
export async function fillOnFirstRun(_database: Database, _args: StartArguments, _say: Say): Promise<void> {}

/** Lets simulated units and callers play through the public API. */
export async function startPlaying(
  _database: Database,
  _server: RunningServer,
  _dataFolder: string,
  _say: Say,
): Promise<{ stop(): Promise<void> }> {
  return { stop: async () => {} }
}
