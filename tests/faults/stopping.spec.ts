import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newId } from '../../foundation/server/ids.ts'
import { isAlive } from '../../foundation/server/postgres/process.ts'
import { startProduct, type Product } from '../browser.ts'
import buildProduct from '../build.setup.ts'
import { openFolder, removeFolder } from '../launching.ts'
import { ROOT } from '../planting.ts'
import { ask, freePort, lookBehind, ownerUrlOf, postmasterOf, tokenFor, until } from './house.ts'

const dataFolder = openFolder('stopping')
const started: Product[] = []

beforeAll(() => buildProduct())
afterEach(async () => {
  for (const product of started.splice(0)) await product.stop()
})
afterAll(() => removeFolder(dataFolder))

async function start(options: { port?: number; dataFolder?: string } = {}): Promise<Product> {
  const product = await startProduct({ dataFolder, args: ['--no-play'], ...options })
  started.push(product)
  return product
}

/** Starts what must not start; gives its exit code and all that it printed. */
async function startInVain(options: { port: number; dataFolder: string }) {
  const args = [
    '--port',
    String(options.port),
    '--host',
    '127.0.0.1',
    '--data',
    options.dataFolder,
    '--no-play',
  ]
  const child = run(args)
  const [code] = (await once(child.process, 'exit')) as [number | null]
  return { code, output: child.output() }
}

function run(args: readonly string[]) {
  const { DATABASE_URL: _, PORT: __, ...env } = process.env
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/server/main.js'), ...args], {
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const take = (chunk: string) => (output += chunk)
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  return { process: child, output: () => output }
}

describe('stopping', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends with 0 on ${signal} and leaves no PostgreSQL behind, whoever is connected and whatever runs`, async () => {
      const product = await start()
      const ownerUrl = await ownerUrlOf(dataFolder)
      const token = await tokenFor(ownerUrl, 'dispatcher')
      const postmaster = postmasterOf(dataFolder)!
      const board = new WebSocket(`${product.url.replace('http', 'ws')}/api/live`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const closed = once(board, 'close')
      await once(board, 'message')
      const calls = Array.from({ length: 10 }, () =>
        ask(`${product.url}/api/reports`, {
          method: 'POST',
          token,
          key: newId(),
          body: {
            origin: 'citizen',
            typeCode: '0301',
            summary: '两车追尾',
            address: '人民路',
            position: { lon: 116.4, lat: 39.9 },
          },
        }).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      await Promise.race(calls)
      product.process.kill(signal)
      await once(product.process, 'exit')
      expect(product.process.exitCode).toBe(0)
      expect(isAlive(postmaster)).toBe(false)
      expect(existsSync(join(dataFolder, 'postgres/postmaster.pid'))).toBe(false)
      expect(((await closed) as [number])[0]).toBe(1001)
      const acknowledged = (await Promise.all(calls)).filter((status) => status === 201).length
      await start()
      const behind = lookBehind(ownerUrl)
      expect(
        await behind.value<number>(
          `select count(*)::int from incident_event where type = 'opened'
             and account_id = (select account_id from api_token where token_hash = sha256(convert_to($1, 'UTF8')))`,
          [token],
        ),
      ).toBeGreaterThanOrEqual(acknowledged)
      expect(acknowledged).toBeGreaterThan(0)
      await behind.end()
    })

  it('ends in order when told so before it is ready', async () => {
    const child = run(['--port', '0', '--host', '127.0.0.1', '--data', dataFolder, '--no-play'])
    await until(async () => postmasterOf(dataFolder) !== null)
    const postmaster = postmasterOf(dataFolder)!
    child.process.kill('SIGTERM')
    const [code] = (await once(child.process, 'exit')) as [number | null]
    expect(code, child.output()).toBe(0)
    expect(isAlive(postmaster)).toBe(false)
  })

  it('breaks off the first load, and the next start has all of it', async () => {
    const fresh = openFolder('loading')
    try {
      const child = run(['--port', '0', '--host', '127.0.0.1', '--data', fresh, '--no-play'])
      await until(async () => child.output().includes('正在载入'))
      const postmaster = postmasterOf(fresh)!
      child.process.kill('SIGINT')
      const [code] = (await once(child.process, 'exit')) as [number | null]
      expect(code, child.output()).toBe(0)
      expect(isAlive(postmaster)).toBe(false)
      expect(child.output()).not.toMatch(/fault|error/i)
      await start({ dataFolder: fresh })
      const behind = lookBehind(await ownerUrlOf(fresh))
      expect(await behind.value<number>('select count(*)::int from unit')).toBe(24)
      expect(await behind.value<number>('select count(*)::int from road_network')).toBe(1)
      await behind.end()
      for (const product of started.splice(0)) await product.stop()
    } finally {
      removeFolder(fresh)
    }
  })
})

describe('a port that another program has', () => {
  it('is named, with the remedy, and nothing is left running', async () => {
    const other = createServer()
    const port = await freePort()
    other.listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { code, output } = await startInVain({ port, dataFolder })
    other.close()
    expect(code).toBe(1)
    expect(output).toContain(String(port))
    expect(output).toContain('--port')
    expect(output).toContain('端口')
    expect(output).not.toContain('    at ')
    expect(postmasterOf(dataFolder)).toBeNull()
  })
})

describe('a second server on the same data folder', () => {
  it('is refused in words, and the first one does not notice', async () => {
    const first = await start()
    const { code, output } = await startInVain({ port: 0, dataFolder })
    expect(code).toBe(1)
    expect(output).toContain('另一个巡防服务')
    expect(output).toContain('another Xunfang server')
    expect(output).not.toContain('    at ')
    expect((await ask(`${first.url}/healthz`)).status).toBe(200)
  })
})
