import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { launchDatabase } from '../foundation/server/postgres/launcher.ts'
import { isAlive, readLockFile } from '../foundation/server/postgres/process.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    clusterUrl: string
    /** Another one each run: what is made in a run is not found by the next. */
    runId: string
  }
}

const PREFIX = 'xunfang-test-'

/**
 * One real PostgreSQL for the whole run, with the settings of the product. `TEST_DATABASE_URL` (a superuser's)
 * takes another one, for trying a newer version. Files get their databases by tests/database.ts.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('runId', randomBytes(6).toString('hex'))
  const given = process.env['TEST_DATABASE_URL']
  if (given) {
    project.provide('clusterUrl', given)
    return async () => {}
  }
  removeAbandoned()
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'held-by'), String(process.pid))
  const cluster = await launchDatabase({ dataFolder: folder, use: 'server' })
  project.provide('clusterUrl', cluster.ownerUrl)
  return async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that was killed leaves its PostgreSQL behind. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    try {
      if (isAlive(Number(readFileSync(join(folder, 'held-by'), 'utf8')))) continue
      const left = readLockFile(realpathSync(join(folder, 'postgres')))
      if (left && isAlive(left.pid)) process.kill(left.pid, 'SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another run's, just being made or removed, or another user's: not ours to clear.
    }
  }
}
