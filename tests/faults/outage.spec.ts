import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newId } from '../../foundation/server/ids.ts'
import { launchDatabase, type LaunchedDatabase } from '../../foundation/server/postgres/launcher.ts'
import { startProduct, type Product } from '../browser.ts'
import buildProduct from '../build.setup.ts'
import { openFolder, removeFolder } from '../launching.ts'
import { ask, deviceFor, lookBehind, tokenFor, until, type Answer, type Behind } from './house.ts'

/** Within how many milliseconds someone who asks is told that there is no database. */
const PATIENCE = 12_000

const external = openFolder('external')
let database: LaunchedDatabase
let behind: Behind
let product: Product
let token: string
let device: { code: string; secret: string }
let unitIds: string[]
let frozen: number[] = []

beforeAll(async () => {
  buildProduct()
  database = await launchDatabase({ dataFolder: external, use: 'server' })
  product = await startProduct({ args: ['--no-play'], env: { DATABASE_URL: database.ownerUrl } })
  behind = lookBehind(database.ownerUrl)
  token = await tokenFor(database.ownerUrl, 'dispatcher', 'duty-commander')
  unitIds = (
    await behind.rows<{ id: string }>(`select id from unit where status = 'patrolling' order by call_sign`)
  ).map(({ id }) => id)
  device = await deviceFor(database.ownerUrl, unitIds[0]!)
  await until(async () => (await tellPosition()).status === 200)
})
afterAll(async () => {
  thaw()
  await product?.remove()
  await behind?.end()
  await database?.stop()
  removeFolder(external)
})

const get = (path: string) => ask(product.url + path, { token, signal: AbortSignal.timeout(PATIENCE) })
const post = (path: string, body: object, key = newId()) =>
  ask(product.url + path, { method: 'POST', token, key, body, signal: AbortSignal.timeout(PATIENCE) })

function tellPosition(fixedAt = new Date().toISOString()): Promise<Answer> {
  return ask(`${product.url}/positions/batch`, {
    method: 'POST',
    token: device.secret,
    body: { deviceId: device.code, fixes: [{ fixedAt, lon: 116.4, lat: 39.9 }] },
    signal: AbortSignal.timeout(PATIENCE),
  })
}

const CALL = {
  origin: 'citizen',
  typeCode: '0301',
  summary: '两车追尾',
  address: '人民路',
  position: { lon: 116.4, lat: 39.9 },
}
const takeCall = (key = newId()) => post('/api/reports', CALL, key)
const incidentOf = ({ body }: Answer) => (body as { incident: { id: string } }).incident.id

/** A board that goes on from the last event it saw, as the console does. */
function watchBoard() {
  const subjects: string[] = []
  let seq: number | null = null
  let closed = false
  let reloads = 0
  let socket: WebSocket
  function connect(): void {
    const after = seq === null ? '' : `?after=${seq}`
    socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/live${after}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    socket.on('message', (raw) => {
      const message = JSON.parse(String(raw)) as { t: string; seq?: number; subjectId?: string }
      if (message.t === 'reload') reloads += 1
      if (message.seq !== undefined) seq = message.seq
      if (message.t === 'event') subjects.push(message.subjectId!)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!closed) setTimeout(connect, 100)
    })
  }
  connect()
  return {
    subjects,
    isThere: () => seq !== null,
    reloads: () => reloads,
    close() {
      closed = true
      socket.close()
    },
  }
}

/** Every way in says so, in the form that callers understand, and says when to come back. */
async function expectUnavailable(): Promise<void> {
  const answers = await Promise.all([
    get('/healthz'),
    get('/api/incidents'),
    get('/api/units'),
    takeCall(),
    tellPosition(),
  ])
  for (const { status, headers, body } of answers) {
    expect(body).toMatchObject({ status: 503, code: 'database-unavailable' })
    expect(status).toBe(503)
    expect(headers.get('content-type')).toMatch(/application\/problem\+json/)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  // The page itself still comes, so that it can say so.
  expect((await ask(`${product.url}/`)).status).toBe(200)
  expect(product.process.exitCode).toBeNull()
}

/** Flows, timers, stream and positions run again, for what is new and for what was waiting. */
async function expectRecovery(board: ReturnType<typeof watchBoard>): Promise<void> {
  await until(async () => (await get('/healthz')).status === 200)
  const opened = await takeCall()
  expect(opened.status).toBe(201)
  const incidentId = incidentOf(opened)
  await until(async () => {
    const { body } = await get(`/api/incidents/${incidentId}`)
    return (
      ((body as { incident?: { proposal: unknown } }).incident ?? (body as { proposal: unknown }))
        .proposal !== null
    )
  })
  await until(async () => board.subjects.includes(incidentId))
  expect(board.reloads()).toBe(0)
  // The notice to the group is a timer's; made due, it goes out.
  await behind.rows(`update notice set due_at = now() where incident_id = $1 and sent_at is null`, [
    incidentId,
  ])
  await until(
    async () =>
      (await behind.value<number>(
        `select count(*)::int from notice where incident_id = $1 and sent_at is null`,
        [incidentId],
      )) === 0,
  )
  const fixedAt = new Date().toISOString()
  await until(async () => (await tellPosition(fixedAt)).status === 200)
  expect(
    await behind.value<number>(`select count(*)::int from fix where fixed_at = $1::timestamptz`, [fixedAt]),
  ).toBe(1)
}

/** The postmaster and all that it has started. */
function processesOf(postmaster: number): number[] {
  const parentOf = (pid: string) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
    } catch {
      return 0
    }
  }
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  return [postmaster, ...children.map(Number)]
}

function freeze(): void {
  frozen = processesOf(database.pid()!)
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
}

function thaw(): void {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT')
}

describe('an external PostgreSQL', () => {
  it('is worked on under a role that owns nothing', async () => {
    await behind.rows('revoke select on incident from xunfang_app')
    expect((await get('/api/incidents')).status).toBe(500)
    await behind.rows('grant select on incident to xunfang_app')
    expect((await get('/api/incidents')).status).toBe(200)
  })

  it('keeps the audit log and the timeline from being changed by it', async () => {
    await takeCall()
    for (const change of [
      `update audit_entry set action = 'nothing'`,
      'delete from audit_entry',
      'truncate audit_entry',
      `update audit_seal set hash = ''`,
      `update incident_event set type = 'nothing'`,
      'delete from incident_event',
    ]) {
      await behind.rows('set role xunfang_app')
      await expect(behind.rows(change), change).rejects.toMatchObject({ code: '42501' })
      await behind.rows('reset role')
    }
  })
})

describe('a PostgreSQL that goes away', () => {
  it('is told as 503 with when to come back, while the server and its boards stay', async () => {
    const board = watchBoard()
    await until(async () => board.isThere())
    const key = newId()
    await behind.end()
    await database.stop()
    await until(async () => (await get('/healthz')).status === 503)
    await expectUnavailable()
    expect((await takeCall(key)).status).toBe(503)

    database = await launchDatabase({ dataFolder: external, use: 'server' })
    await expectRecovery(board)
    expect((await takeCall(key)).status).toBe(201)
    board.close()
  })
})

describe('a PostgreSQL that falls silent without breaking a connection', () => {
  it('is told as 503 too, and what it was in the midst of takes effect once', async () => {
    const board = watchBoard()
    await until(async () => board.isThere())
    const before = await behind.value<number>('select count(*)::int from report')
    const keys = Array.from({ length: 5 }, () => newId())
    freeze()
    // Caught on their way: they must be answered as well.
    const caught = await Promise.all(keys.map((key) => takeCall(key)))
    expect(caught.map(({ status }) => status)).toEqual(keys.map(() => 503))
    await expectUnavailable()

    thaw()
    await until(async () => (await get('/healthz')).status === 200)
    const again = await Promise.all(keys.map((key) => takeCall(key)))
    expect(again.map(({ status }) => status)).toEqual(keys.map(() => 201))
    expect(await behind.value<number>('select count(*)::int from report')).toBe(before + keys.length)
    await expectRecovery(board)
    board.close()
  })
})

describe('the server that ends', () => {
  it('leaves an external PostgreSQL running, and another server finds everything there', async () => {
    await product.stop()
    expect(product.process.exitCode).toBe(0)
    const again = await startProduct({ args: ['--no-play'], env: { DATABASE_URL: database.ownerUrl } })
    expect((await ask(`${again.url}/healthz`)).status).toBe(200)
    expect((await ask(`${again.url}/api/incidents`, { token })).status).toBe(200)
    await again.remove()
  })
})
