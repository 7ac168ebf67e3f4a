import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  holdElsewhere,
  launcherElsewhere,
  openFolder,
  query,
  removeFolder,
  type Holder,
} from '../../../tests/launching.ts'
import { isRoot } from './account.ts'
import { launchDatabase, type LaunchedDatabase } from './launcher.ts'
import { isAlive, readLockFile } from './process.ts'

let elsewhere: string
let folder: string
const undo: (() => unknown)[] = []

beforeAll(async () => {
  elsewhere = await launcherElsewhere()
  folder = openFolder('surviving')
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
afterAll(() => {
  removeFolder(folder)
  rmSync(elsewhere, { recursive: true, force: true })
})

async function launch(dataFolder = folder): Promise<LaunchedDatabase> {
  const database = await launchDatabase({ dataFolder, use: 'server' })
  undo.push(() => database.stop())
  return database
}

async function hold(options: Partial<Parameters<typeof holdElsewhere>[1]> = {}): Promise<Holder> {
  const holder = await holdElsewhere(elsewhere, { dataFolder: folder, use: 'server', ...options })
  if ('fault' in holder) throw new Error(holder.fault)
  undo.push(async () => {
    if (holder.process.exitCode === null && holder.process.signalCode === null) await holder.stop()
  })
  return holder
}

async function kill(holder: Holder): Promise<void> {
  const ended = once(holder.process, 'exit')
  holder.process.kill('SIGKILL')
  await ended
}

describe('kill -9', () => {
  it('of the server leaves a PostgreSQL that the next start adopts', async () => {
    const killed = await hold()
    await query(killed.ownerUrl, 'create table survived as select 7 as n')
    await kill(killed)
    expect(isAlive(killed.pid)).toBe(true)
    const next = await launch()
    expect(next.pid()).toBe(killed.pid)
    expect(await query(next.ownerUrl, 'select n from survived')).toBe(7)
    await next.stop()
    expect(isAlive(killed.pid)).toBe(false)
  })

  it('of PostgreSQL, then of the server, leaves a lock file that the next start sees through', async () => {
    const killed = await hold()
    await kill(killed)
    process.kill(killed.pid, 'SIGKILL')
    const next = await launch()
    expect(next.pid()).not.toBe(killed.pid)
    expect(await query(next.ownerUrl, 'select n from survived')).toBe(7)
  })

  it('leaves a lock file whose number may by then be a stranger of the same user', async () => {
    const killed = await hold()
    await kill(killed)
    process.kill(killed.pid, 'SIGKILL')
    const cluster = realpathSync(join(folder, 'postgres'))
    const { uid, gid } = statSync(cluster)
    const stranger = spawn('/bin/sleep', ['600'], { uid, gid, stdio: 'ignore' })
    undo.push(() => stranger.kill('SIGKILL'))
    const lockFile = join(cluster, 'postmaster.pid')
    writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/^\d+/, String(stranger.pid)))
    const next = await launch()
    expect(await query(next.ownerUrl, 'select n from survived')).toBe(7)
    expect(isAlive(stranger.pid!)).toBe(true)
  })

  it('of PostgreSQL under a busy back end does not let two servers write one folder', async () => {
    const killed = await hold()
    const busy = query(killed.ownerUrl, 'select pg_sleep(600)').catch(() => 'ended')
    while (
      !(await query(
        killed.ownerUrl,
        `select count(*)::int from pg_stat_activity where query like 'select pg_sleep%'`,
      ))
    ) {
      // The connection above is still being made.
    }
    await kill(killed)
    process.kill(killed.pid, 'SIGKILL')
    const next = await launch()
    expect(await busy).toBe('ended')
    expect(readLockFile(realpathSync(join(folder, 'postgres')))?.pid).toBe(next.pid())
  })
})

describe('two starters at once', () => {
  it('end up with one cluster and one PostgreSQL', async () => {
    const dataFolder = openFolder('race')
    undo.push(() => removeFolder(dataFolder))
    const tools = await Promise.all([1, 2, 3].map(() => hold({ dataFolder, use: 'tool' })))
    expect(new Set(tools.map((tool) => tool.ownerUrl)).size).toBe(1)
    expect(new Set(tools.map((tool) => tool.pid)).size).toBe(1)
    for (const tool of tools) await tool.stop()
    expect(isAlive(tools[0]!.pid)).toBe(false)
  })

  it('cannot both be the server', async () => {
    await hold()
    expect(await holdElsewhere(elsewhere, { dataFolder: folder, use: 'server' })).toEqual({
      fault: 'held-by-another-server',
    })
  })
})

describe.runIf(isRoot())('started by root', () => {
  it('runs PostgreSQL as another user', async () => {
    const database = await launch()
    const status = readFileSync(`/proc/${database.pid()}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)![1]).not.toBe('0')
  })

  it('works below a home that only root may enter', async () => {
    const home = openFolder('home')
    chmodSync(home, 0o700)
    const dataFolder = join(home, 'checkout/data')
    undo.push(() => {
      removeFolder(dataFolder)
      rmSync(home, { recursive: true })
    })
    const first = await launch(dataFolder)
    await query(first.ownerUrl, 'create table kept as select 1 as n')
    await first.stop()
    expect(lstatSync(join(dataFolder, 'postgres')).isSymbolicLink()).toBe(true)
    const second = await launch(dataFolder)
    expect(await query(second.ownerUrl, 'select n from kept')).toBe(1)
  })

  it('works for an ordinary user too, whose data another cannot take', async () => {
    const home = openFolder('ordinary')
    const uid = 65_534
    chownSync(home, uid, uid)
    undo.push(() => rmSync(home, { recursive: true, force: true }))
    const holder = await hold({ dataFolder: join(home, 'data'), uid, env: { HOME: home } })
    expect(await query(holder.ownerUrl, 'select 1')).toBe(1)
    expect(existsSync(join(home, '.local/share/xunfang'))).toBe(true)
    await holder.stop()
    const other = await holdElsewhere(elsewhere, {
      dataFolder: join(home, 'data'),
      use: 'server',
      uid: 65_533,
    })
    expect(other).toEqual({ fault: 'owned-by-another-user' })
  })

  it('serves the data of an ordinary user as that user', async () => {
    const home = openFolder('taken')
    const uid = 65_534
    chownSync(home, uid, uid)
    undo.push(() => rmSync(home, { recursive: true, force: true }))
    const holder = await hold({ dataFolder: join(home, 'data'), uid, env: { HOME: home } })
    await query(holder.ownerUrl, 'create table kept as select 1 as n')
    await holder.stop()
    const database = await launch(join(home, 'data'))
    expect(await query(database.ownerUrl, 'select n from kept')).toBe(1)
  })

  it.runIf(mayMount())('says that the disk is full', async () => {
    const dataFolder = openFolder('full')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=755', 'tmpfs', dataFolder])
    undo.push(() => {
      execFileSync('umount', [dataFolder])
      rmSync(dataFolder, { recursive: true })
    })
    await expect(launch(dataFolder)).rejects.toMatchObject({ code: 'disk-full' })
    expect(existsSync(join(dataFolder, 'postgres'))).toBe(false)
  })
})

function mayMount(): boolean {
  if (!isRoot()) return false
  const place = openFolder('mount')
  mkdirSync(place, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
