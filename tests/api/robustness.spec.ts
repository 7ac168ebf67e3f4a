import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type RunningServer } from '../../apps/server/server.ts'
import { openHouse, type Caller, type TestHouse } from '../house.ts'

describe('the server', () => {
  let house: TestHouse
  let system: Caller
  /** A second one over the same database that serves a page as well. */
  let withPages: RunningServer
  let folder: string
  beforeAll(async () => {
    house = await openHouse()
    system = await house.as('system-admin')
    folder = mkdtempSync(join(tmpdir(), 'xunfang-pages-'))
    mkdirSync(join(folder, 'console/assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.txt'), 'not for the web')
    writeFileSync(join(folder, 'console/index.html'), '<!doctype html><title>the page</title>')
    writeFileSync(join(folder, 'console/assets/a.js'), '1')
    withPages = await startServer({
      ...{ database: house.database, host: '127.0.0.1', port: 0, logLevel: 'silent' },
      ...{ dataFolder: join(folder, 'data'), consoleFolder: join(folder, 'console') },
    })
  })
  afterAll(async () => {
    await withPages.close()
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Byte for byte: a client library would tidy the path. */
  async function raw(url: string, text: string): Promise<{ status: number; head: string; body: string }> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.write(text)
    await once(socket, 'close')
    const [head = '', ...rest] = answer.split('\r\n\r\n')
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: rest.join('\r\n\r\n') }
  }
  const get = (path: string, headers = '') =>
    raw(withPages.url, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`)
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(house.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token}`, ...headers },
      body,
    }).then(async (response) => ({ status: response.status, text: await response.text() }))

  it('refuses a body that nests deep, wherever in it', async () => {
    for (const depth of [100, 10_000, 900_000]) {
      const deep = '['.repeat(depth) + ']'.repeat(depth)
      for (const body of [deep, `{"url":"https://x.example/","topics":["*"],"more":${deep}}`]) {
        const { status, text } = await post('/api/webhooks', body, { 'idempotency-key': `deep-${depth}` })
        expect([status, text.length < 1000], `${depth}`).toEqual([400, true])
      }
      const positions = await post('/positions/batch', `{"fixes":${deep}}`)
      expect(positions.status).toBe(401)
    }
    const text = JSON.stringify({ url: `https://x.example/?${'[{'.repeat(200)}`, topics: ['a.b'] })
    expect((await post('/api/webhooks', text)).status, 'brackets in a text are no depth').toBe(201)
  })

  it('answers a million wrong items with one fault, and one who is nobody with none of it', async () => {
    const many = `[${'1,'.repeat(900_000)}1]`
    const { status, text } = await post('/api/webhooks', `{"url":"https://x.example/","topics":${many}}`)
    expect(status).toBe(400)
    expect(text.length).toBeLessThan(1_000)
    const open = await fetch(`${house.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"token":"x","accounts":${many}}`,
    })
    expect(open.status).toBe(413)
  })

  it('takes no prototype along, and no body that is no JSON', async () => {
    for (const body of [
      '{"__proto__":{"isAdmin":true}}',
      '{"constructor":{"prototype":{}}}',
      '{',
      '',
      'null',
    ])
      expect((await post('/api/webhooks', body)).status, body).toBe(400)
    expect((await post('/api/webhooks', 'x', { 'content-type': 'application/xml' })).status).toBe(415)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('refuses headers without end, a request that is no HTTP, and an address that is no text', async () => {
    expect((await get('/', `x: ${'y'.repeat(20_000)}\r\n`)).status).toBe(431)
    expect((await raw(house.url, 'HELO mail\r\n\r\n')).status).toBe(400)
    for (const path of ['/api/units/%E0%A4%A', '/api/units/%00', `/api/units/${'x'.repeat(500)}`]) {
      const response = await fetch(house.url + path, { headers: { authorization: `Bearer ${system.token}` } })
      expect([400, 404, 414], path).toContain(response.status)
      expect(response.headers.get('content-type'), path).toContain('json')
    }
    for (const key of ['x'.repeat(201), 'with space'])
      expect((await post('/api/webhooks', '{}', { 'idempotency-key': key })).status).toBe(400)
  })

  it('waits for nobody for ever', () => {
    const { server } = house.server.app
    expect(server.headersTimeout).toBe(15_000)
    expect(server.requestTimeout).toBe(120_000)
    expect(server.keepAliveTimeout).toBeGreaterThan(0)
  })

  it('gives no file from outside its page, by whatever way it is asked for', async () => {
    expect((await get('/assets/a.js')).body).toBe('1')
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets//../../secret.txt',
      '/%252e%252e/secret.txt',
      '/assets/%00../../secret.txt',
      '/data/secret.key',
      '/.git/config',
    ]) {
      const { status, body } = await get(path)
      expect(body, path).not.toContain('not for the web')
      expect([200, 400, 404], path).toContain(status)
      if (status === 200) expect(body, path).toContain('the page')
    }
  })

  it('tells browsers to load nothing from elsewhere and to show it in no frame', async () => {
    const { head } = await get('/')
    const policy = /content-security-policy: (.*)/i.exec(head)![1]!
    for (const part of [
      "default-src 'self'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(part)
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/)
    expect(policy.match(/script-src[^;]*/)![0]).not.toContain('unsafe-inline')
    for (const header of [
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'x-frame-options',
    ])
      expect(head.toLowerCase()).toContain(header)
    expect(head.toLowerCase()).not.toContain('access-control-allow-origin')
    expect(head.toLowerCase()).not.toContain('x-powered-by')
  })

  it('shows nothing of itself with a fault of its own', async () => {
    const { pool } = house.database
    const query = pool.query.bind(pool)
    const broken = withPages.app
    broken.log.level = 'silent'
    Object.assign(pool, {
      query: () => Promise.reject(new Error('relation "secret" at /srv/app/store.ts:7')),
    })
    const { status, body } = await get('/healthz')
    Object.assign(pool, { query })
    expect(status).toBe(500)
    expect(body).not.toMatch(/secret|store\.ts|stack/)
  })
})
