import { realpathSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { inTransaction, openDatabase } from '../../foundation/server/db.ts'
import { newSecret } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { newId } from '../../foundation/server/ids.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import { readLockFile } from '../../foundation/server/postgres/process.ts'
import { startProduct, type Product } from '../browser.ts'
import buildProduct from '../build.setup.ts'
import { openFolder, removeFolder } from '../launching.ts'

const ROUNDS = 20
const DISPATCHERS = 6
const UNITS = 10
const INCIDENTS = 5
/** Orders answered between two kills, so that each kill meets work in progress. */
const BETWEEN_KILLS = 6

const dataFolder = openFolder('faults')
let product: Product
let port: number
let token: string
let owner: pg.Client
let unitIds: string[]
let incidentIds: string[]

/** What the server has said yes to. */
const ordered = new Map<string, { readonly unitId: string; readonly incidentId: string }>()
const released = new Set<string>()
const statuses = new Map<number, number>()
let answered = () => {}
let fellOver = (_fault: Error) => {}

beforeAll(async () => {
  buildProduct()
  port = await freePort()
  await start()
  await prepare()
})
afterAll(async () => {
  await owner?.end()
  await product?.stop()
  removeFolder(dataFolder)
})

async function start(): Promise<void> {
  const started = await startProduct({ dataFolder, port, args: ['--no-play'] })
  started.process.once('exit', (code, signal) => {
    if (signal !== 'SIGKILL')
      fellOver(new Error(`the server ended by itself (${code ?? signal}):\n${started.output().slice(-5000)}`))
  })
  product = started
}

/** Units on patrol and open incidents of our own, and a dispatcher's token, put in behind the running server. */
async function prepare(): Promise<void> {
  const beside = await launchDatabase({ dataFolder, use: 'tool' })
  owner = await connect(beside.ownerUrl)
  const database = openDatabase({ url: beside.ownerUrl, poolSize: 1 })
  const now = Date.now()
  token = newSecret()
  await inTransaction(database.db, async (tx) => {
    const grants = [{ role: 'dispatcher', organisationId: null } as const]
    const account = {
      username: 'kill-spec',
      name: 'kill-spec',
      kind: 'service',
      passwordHash: null,
      grants,
    } as const
    const id = await createAccount(tx, account, now)
    if (typeof id !== 'string') throw new Error(id.refused)
    await issueToken(tx, { accountId: id, label: 'kill-spec', secret: token, now, expiresAt: null })
  })
  await database.close()
  await beside.stop()
  const organisationId = newId()
  await owner.query(
    `insert into organisation (id, code, kind, name_zh, name_en) values ($1, 'kill-spec', 'station', '测试所', 'Test')`,
    [organisationId],
  )
  unitIds = Array.from({ length: UNITS }, () => newId())
  for (const [number, id] of unitIds.entries())
    await owner.query(
      `insert into unit (id, organisation_id, call_sign, kind, status, status_since) values ($1, $2, $3, 'car', 'patrolling', now())`,
      [id, organisationId, `测试${number + 1}`],
    )
  incidentIds = []
  for (let number = 0; number < INCIDENTS; number++) {
    const report = {
      origin: 'citizen',
      typeCode: '0301',
      summary: '两车追尾',
      address: '人民路',
      position: { lon: 116.4, lat: 39.9 },
    }
    const { status, body } = await command('/api/reports', report)
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
    incidentIds.push((body as { incident: { id: string } }).incident.id)
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Sends a command under one key until it is answered, as a console does whose connection breaks. */
async function command(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': newId(),
  }
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const answer: unknown = await response.json()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      if (response.status !== 503) return { status: response.status, body: answer }
    } catch {
      // The server was killed under the request; whether it took effect only the next answer tells.
    }
    // Not waiting for anything to happen, only leaving the processor to what is starting.
    await pause(20)
  }
}

/** Sends and releases units at random; two dispatchers often want the same one. */
async function dispatchUntil(ended: AbortSignal, seed: number): Promise<void> {
  const chance = seededChance(seed)
  while (!ended.aborted) {
    const unitId = chance.pick(unitIds)
    const incidentId = chance.pick(incidentIds)
    const order = await command(`/api/incidents/${incidentId}/dispatch`, { unitIds: [unitId] })
    if (order.status !== 201) continue
    const [assignment] = (order.body as { assignments: { id: string }[] }).assignments
    ordered.set(assignment!.id, { unitId, incidentId })
    answered()
    const release = await command(`/api/assignments/${assignment!.id}/release`, {
      cause: 'recalled',
      reason: '换车',
    })
    if (release.status === 200) released.add(assignment!.id)
  }
}

async function moreOrders(count: number): Promise<void> {
  const goal = ordered.size + count
  while (ordered.size < goal)
    await new Promise<void>((resolve, reject) => {
      answered = resolve
      fellOver = reject
    })
}

describe('kill -9 under dispatch load', () => {
  it(
    `loses nothing acknowledged in ${ROUNDS} kills of the server and ${ROUNDS} of PostgreSQL`,
    { timeout: 600_000 },
    async () => {
      const end = new AbortController()
      const dispatchers = Array.from({ length: DISPATCHERS }, (_, seed) =>
        dispatchUntil(end.signal, seed + 1),
      )
      for (let round = 1; round <= ROUNDS; round++) {
        await moreOrders(BETWEEN_KILLS)
        process.kill(readLockFile(realpathSync(join(dataFolder, 'postgres')))!.pid, 'SIGKILL')
        await moreOrders(BETWEEN_KILLS)
        await product.kill()
        await start()
      }
      end.abort()
      await Promise.all(dispatchers)
      expect(ordered.size).toBeGreaterThan(ROUNDS * BETWEEN_KILLS)
      expect([...statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([])
    },
  )

  it('keeps each acknowledged order once, with its timeline, its audit entry and its announcement, and makes up none', async () => {
    await owner.end().catch(() => {})
    const beside = await launchDatabase({ dataFolder, use: 'tool' })
    owner = await connect(beside.ownerUrl)
    const { rows } = await owner.query<{
      id: string
      unit_id: string
      incident_id: string
      ended: boolean
      told: number
      announced: number
      audited: number
    }>(
      `select id, unit_id, incident_id, released_at is not null as ended,
              (select count(*)::int from incident_event where type = 'unit-ordered' and data ->> 'assignmentId' = assignment.id) as told,
              (select count(*)::int from outbox where topic = 'assignment.ordered' and subject_id = assignment.id) as announced,
              (select count(*)::int from audit_entry where action = 'dispatch.order' and detail -> 'orders' @> jsonb_build_array(jsonb_build_object('id', assignment.id))) as audited
         from assignment where unit_id = any ($1)`,
      [unitIds],
    )
    const kept = rows.map(({ id, unit_id, incident_id, told, announced, audited }) => [
      id,
      unit_id,
      incident_id,
      told,
      announced,
      audited,
    ])
    const promised = [...ordered].map(([id, order]) => [id, order.unitId, order.incidentId, 1, 1, 1])
    expect(kept.sort()).toEqual(promised.sort())
    const ended = new Set(rows.filter((row) => row.ended).map((row) => row.id))
    expect([...released].filter((id) => !ended.has(id))).toEqual([])
    await beside.stop()
  })

  it('never had a unit in two places: in the stream its orders and releases take turns', async () => {
    const { rows } = await owner.query<{ topic: string; unit_id: string }>(
      `select topic, unit_id from outbox join assignment on assignment.id = outbox.subject_id
        where topic in ('assignment.ordered', 'assignment.released') and unit_id = any ($1)
        order by unit_id, outbox.seq`,
      [unitIds],
    )
    expect(rows.length).toBeGreaterThan(ROUNDS * BETWEEN_KILLS)
    const doubled = rows.filter(
      (row, at) => row.topic === rows[at - 1]?.topic && row.unit_id === rows[at - 1]?.unit_id,
    )
    expect(doubled).toEqual([])
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: given } = probe.address() as AddressInfo
      probe.close(() => resolve(given))
    })
  })
}
