import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { openDatabase, type Database } from '../../foundation/server/db.ts'
import { APP_ROLE, migrate, projectRoot } from '../../foundation/server/migrate.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import { readArguments } from './arguments.ts'
import { fillOnFirstRun, startPlaying } from './first-run.ts'
import { ORDER } from './order.ts'
import { startServer } from './server.ts'

const args = readArguments(process.argv.slice(2), process.env)
if (isRefusal(args)) {
  console.error(`参数有误 / ${String(args.detail?.message ?? args.refused)}`)
  process.exit(2)
}

const root = projectRoot()
const dataFolder = resolve(args.dataFolder ?? join(root, 'data'))
mkdirSync(dataFolder, { recursive: true })

const say = (chinese: string, english: string) => console.log(`${chinese} / ${english}`)
const stops: (() => Promise<void>)[] = []
let stopping = false
async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  for (const close of stops.reverse()) await close().catch((fault: unknown) => console.error(fault))
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    say('正在停止…', 'stopping…')
    void stop(0)
  })
}

try {
  const launching = launchDatabase({
    dataFolder,
    use: 'server',
    tell: say,
    ...(args.databaseUrl ? { databaseUrl: args.databaseUrl } : {}),
  })
  // Told to stop while PostgreSQL is still starting: it is waited for, or it would be left behind.
  stops.push(() =>
    launching.then(
      (launched) => launched.stop(),
      () => {},
    ),
  )
  const launched = await launching
  launched.supervise()
  const applied = await migrate(launched.ownerUrl, ORDER)
  if (applied.length > 0)
    say(`数据库已更新（${applied.length} 项）`, `database brought up to date (${applied.length} steps)`)
  const database = openDatabase(
    launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
  )
  stops.push(() => closeSoon(database))
  const refused = await fillOnFirstRun(database, args, dataFolder, say)
  if (refused)
    throw new Error(
      `无法载入辖区 / cannot load the district: ${refused.refused} ${JSON.stringify({ field: refused.field, ...refused.detail })}`,
    )

  const consoleFolder = join(root, 'dist/console')
  const server = await startServer({
    database,
    host: args.host,
    port: args.port,
    dataFolder,
    consoleFolder: existsSync(consoleFolder) ? consoleFolder : null,
    logLevel: process.env.LOG_LEVEL ?? 'warn',
    trustedProxies: args.trustedProxies,
  })
  stops.push(() => server.close())
  const token = server.setupToken()
  say('已就绪，请打开', 'ready, open')
  console.log(`\n    ${server.url}${token ? `/setup?token=${token}` : '/'}\n`)
  say('按 Ctrl-C 停止', 'Ctrl-C stops it')
  if (args.play) {
    const player = await startPlaying(database, server.url, say)
    stops.push(() => player.stop())
  }
} catch (fault) {
  // What breaks because it is being stopped is no news.
  if (!stopping) console.error(wordsFor(fault as NodeJS.ErrnoException, args.port))
  if (process.env.LOG_LEVEL === 'debug') console.error(fault)
  await stop(1)
}

/** A load or an import that is under way is given a moment, then broken off: it is done again at the next start. */
async function closeSoon(database: Database): Promise<void> {
  const late = setTimeout(() => database.breakConnections(), 2_000)
  await database.close().finally(() => clearTimeout(late))
}

function wordsFor(fault: NodeJS.ErrnoException, port: number): string {
  if (fault.code === 'EADDRINUSE')
    return `端口 ${port} 已被其他程序占用，请用 --port 指定其他端口 / port ${port} is in use by another program; choose another one with --port`
  if (fault.code === 'EACCES' && fault.syscall === 'listen')
    return `没有权限使用端口 ${port}，请用 --port 指定 1024 以上的端口 / this user may not listen on port ${port}; choose one above 1024 with --port`
  return fault.message
}
