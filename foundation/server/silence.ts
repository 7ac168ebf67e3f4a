import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import { breakOff, type Database } from './db.ts'

const EVERY_MILLISECONDS = 1_000
/** Longer than any pause of a working PostgreSQL that is asked for nothing but a constant. */
const SILENCE_MILLISECONDS = 4_000

/**
 * A PostgreSQL that neither answers nor breaks its connections (a frozen machine, a network that swallows packets) would
 * hold every request for ever: the driver waits as long as the socket lives. So it is asked for a constant on a
 * connection of its own, and when that stays unanswered all connections of the pool are broken from our side. Whoever
 * waits on one meets «unavailable», answers 503 and may be asked again; PostgreSQL rolls back what was open.
 */
export function watchForSilence(database: Database, log: FastifyBaseLogger): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let probe: pg.Client | null = null

  async function connectedProbe(): Promise<pg.Client> {
    if (probe) return probe
    const { connectionString } = database.pool.options
    const fresh = new pg.Client({
      ...(connectionString ? { connectionString } : {}),
      connectionTimeoutMillis: SILENCE_MILLISECONDS,
      application_name: 'xunfang watch',
    })
    const forget = () => {
      if (probe === fresh) probe = null
    }
    fresh.on('error', forget)
    fresh.on('end', forget)
    await fresh.connect()
    return (probe = fresh)
  }

  async function isSilent(): Promise<boolean> {
    let heard = false
    const client = await connectedProbe()
    const answer = client.query('select 1').then(
      () => (heard = true),
      () => (heard = true),
    )
    const waited = new AbortController()
    await Promise.race([answer, pause(SILENCE_MILLISECONDS, undefined, waited).catch(() => {})])
    waited.abort()
    // Had we ourselves been held up, the answer would lie unread in the socket.
    for (let turn = 0; turn < 3 && !heard; turn++) await nextTurn()
    return !heard
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(EVERY_MILLISECONDS, undefined, stopping).catch(() => {})
      // One that cannot be reached at all is told to the pool by its own connections.
      if (!(await isSilent().catch(() => false))) continue
      log.warn('the database has fallen silent; its connections are broken')
      database.breakConnections()
      if (probe) breakOff(probe)
      probe = null
    }
  }

  const watching = watch()
  return {
    async stop() {
      stopping.abort()
      await watching
      await probe?.end().catch(() => {})
    },
  }
}
