import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { openDatabase } from '../../foundation/server/db.ts'
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
  const launched = await launchDatabase({
    dataFolder,
    use: 'server',
    tell: say,
    ...(args.databaseUrl ? { databaseUrl: args.databaseUrl } : {}),
  })
  stops.push(() => launched.stop())
  launched.supervise()
  const applied = await migrate(launched.ownerUrl, ORDER)
  if (applied.length > 0)
    say(`数据库已更新（${applied.length} 项）`, `database brought up to date (${applied.length} steps)`)
  const database = openDatabase(
    launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
  )
  stops.push(() => database.close())
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
  })
  stops.push(() => server.close())
  const token = server.setupToken()
  say('已就绪，请打开', 'ready, open')
  console.log(`\n    ${server.url}${token ? `/setup?token=${token}` : '/'}\n`)
  say('按 Ctrl-C 停止', 'Ctrl-C stops it')
  if (args.play) {
    const player = await startPlaying(database, server.url)
    stops.push(() => player.stop())
  }
} catch (fault) {
  console.error((fault as Error).message)
  if (process.env.LOG_LEVEL === 'debug') console.error(fault)
  await stop(1)
}
