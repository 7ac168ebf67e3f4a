import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openFolder, query, removeFolder } from '../../../tests/launching.ts'
import { launchDatabase, type DatabaseState, type LaunchOptions, type LaunchedDatabase } from './launcher.ts'
import { isAlive } from './process.ts'

let folder: string
const open: LaunchedDatabase[] = []

beforeAll(() => (folder = openFolder('launcher')))
afterEach(async () => {
  for (const database of open.splice(0)) await database.stop()
})
afterAll(() => removeFolder(folder))

async function launch(options: Partial<LaunchOptions> = {}): Promise<LaunchedDatabase> {
  const database = await launchDatabase({ dataFolder: folder, use: 'server', ...options })
  open.push(database)
  return database
}

describe('the embedded PostgreSQL', () => {
  it('is durable, speaks UTF-8 and sorts the same everywhere', async () => {
    const { ownerUrl } = await launch()
    expect(await query(ownerUrl, 'show fsync')).toBe('on')
    expect(await query(ownerUrl, 'show synchronous_commit')).toBe('on')
    expect(await query(ownerUrl, 'show server_encoding')).toBe('UTF8')
    expect(
      await query(ownerUrl, 'select datcollate from pg_database where datname = current_database()'),
    ).toBe('C')
  })

  it('finds Chinese by trigrams', async () => {
    const { ownerUrl } = await launch()
    await query(ownerUrl, 'create extension if not exists pg_trgm')
    expect(await query(ownerUrl, `select similarity('人民路派出所', '人民路派出')`)).toBeGreaterThan(0.5)
  })

  it('gives the server a log-in that owns nothing and may make nothing', async () => {
    const { appUrl } = await launch()
    expect(await query(appUrl!, 'select current_user')).toBe('xunfang_app')
    expect(
      await query(
        appUrl!,
        'select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user',
      ),
    ).toBe(false)
    await expect(query(appUrl!, 'create table mine (n int)')).rejects.toThrow(/permission denied/)
  })

  it('takes no connection without the password, which only the owner of the data can read', async () => {
    const { ownerUrl } = await launch()
    const wrong = new URL(ownerUrl)
    wrong.password = 'guess'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
    expect(statSync(join(folder, 'postgres/xunfang.json')).mode & 0o077).toBe(0)
    expect(statSync(join(folder, 'postgres')).mode & 0o077).toBe(0)
  })

  it('keeps its data, its address and its passwords from start to start', async () => {
    const first = await launch()
    await query(first.ownerUrl, 'create table kept as select 42 as n')
    await first.stop()
    const second = await launch()
    expect(second.ownerUrl).toBe(first.ownerUrl)
    expect(await query(second.ownerUrl, 'select n from kept')).toBe(42)
  })

  it('is gone after stop', async () => {
    const database = await launch()
    const pid = database.pid()!
    await database.stop()
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false)
  })

  it('takes another port where a stranger has taken the kept one', async () => {
    const first = await launch()
    await first.stop()
    const stranger = createServer().listen(Number(new URL(first.ownerUrl).port), '127.0.0.1')
    await once(stranger, 'listening')
    const second = await launch()
    expect(new URL(second.ownerUrl).port).not.toBe(String((stranger.address() as AddressInfo).port))
    expect(await query(second.ownerUrl, 'select 1')).toBe(1)
    stranger.close()
  })
})

describe('supervision', () => {
  it('brings a killed PostgreSQL back at the same address with all that was committed', async () => {
    const database = await launch()
    const changes: string[] = []
    const back = new Promise<void>((resolve) =>
      database.supervise((change: DatabaseState) => {
        changes.push(change.state)
        if (change.state === 'up') resolve()
      }),
    )
    await query(database.ownerUrl, 'create table committed as select generate_series(1, 1000) as n')
    const before = database.pid()!
    process.kill(before, 'SIGKILL')
    await back
    expect(changes).toEqual(['down', 'up'])
    expect(database.pid()).not.toBe(before)
    expect(await query(database.ownerUrl, 'select count(*)::int from committed')).toBe(1000)
    await query(database.ownerUrl, 'drop table committed')
  })

  it('brings it back time and again', async () => {
    const database = await launch()
    let ups = 0
    let heard = () => {}
    database.supervise((change) => {
      if (change.state === 'up') ups++
      if (change.state === 'up') heard()
    })
    for (let round = 1; round <= 5; round++) {
      const back = new Promise<void>((resolve) => (heard = resolve))
      process.kill(database.pid()!, 'SIGKILL')
      await back
    }
    expect(ups).toBe(5)
    expect(await query(database.ownerUrl, 'select 1')).toBe(1)
  })

  it('ends while PostgreSQL is down', async () => {
    const database = await launch()
    const down = new Promise<void>((resolve) => database.supervise(() => resolve()))
    process.kill(database.pid()!, 'SIGKILL')
    await down
    await database.stop()
    const again = await launch()
    expect(await query(again.ownerUrl, 'select 1')).toBe(1)
  })
})

describe('a data folder', () => {
  it('is held by one server at a time', async () => {
    await launch()
    await expect(launch()).rejects.toMatchObject({ code: 'held-by-another-server' })
  })

  it('is shared with the command line, and the last to leave shuts PostgreSQL down', async () => {
    const server = await launch()
    const tool = await launch({ use: 'tool' })
    expect(tool.pid()).toBe(server.pid())
    await server.stop()
    expect(await query(tool.ownerUrl, 'select 1')).toBe(1)
    await tool.stop()
    expect(isAlive(tool.pid()!)).toBe(false)
  })

  it('that holds something else is left alone', async () => {
    const dataFolder = openFolder('foreign')
    mkdirSync(join(dataFolder, 'postgres'))
    writeFileSync(join(dataFolder, 'postgres/letters.txt'), 'dear diary')
    await expect(launch({ dataFolder })).rejects.toMatchObject({ code: 'foreign-folder' })
    expect(readFileSync(join(dataFolder, 'postgres/letters.txt'), 'utf8')).toBe('dear diary')
    removeFolder(dataFolder)
  })

  it('of another major version is named as such', async () => {
    const version = join(realpathSync(join(folder, 'postgres')), 'PG_VERSION')
    const written = readFileSync(version, 'utf8')
    writeFileSync(version, '99\n')
    await expect(launch()).rejects.toMatchObject({ code: 'other-major-version' })
    writeFileSync(version, written)
  })
})

describe('an external PostgreSQL', () => {
  it('is used as it is and never stopped', async () => {
    const ours = await launch()
    const external = await launchDatabase({ dataFolder: folder, use: 'server', databaseUrl: ours.ownerUrl })
    expect(external).toMatchObject({ source: 'external', ownerUrl: ours.ownerUrl })
    expect(external.appUrl).toBeUndefined()
    expect(external.pid()).toBeNull()
    await external.stop()
    expect(await query(ours.ownerUrl, 'select 1')).toBe(1)
  })

  it('that cannot be reached is named as such', async () => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    nobody.close()
    await once(nobody, 'close')
    const databaseUrl = `postgres://xunfang@127.0.0.1:${port}/xunfang`
    await expect(launch({ databaseUrl })).rejects.toMatchObject({ code: 'unreachable' })
  })
})
