import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { runTool } from './tool.mjs'
import { explainFailure, runCommand, say } from './words.mjs'

const DIST = join(PROJECT, 'dist')
const SHARED_SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'bin/build.mjs']

/** The two things that are built. Each is built again only when one of its own sources has changed. */
const PARTS = [
  {
    name: 'server',
    chinese: '服务端',
    settings: [...SHARED_SETTINGS, 'tsconfig.server.json'],
    roots: [
      'foundation/core',
      'foundation/server',
      'solvers',
      'capabilities',
      'flows',
      'apps/server',
      'apps/cli',
      'apps/simulator',
      'apps/demo',
      'bench',
    ],
    belongs: (path) =>
      /\.(ts|json)$/.test(path) &&
      !/\.spec\.ts$/.test(path) &&
      !/^capabilities\/[^/]+\/(console|mobile)\//.test(path),
    build: buildServer,
  },
  {
    name: 'console',
    chinese: '控制台',
    settings: [...SHARED_SETTINGS, 'tsconfig.web.json'],
    roots: ['foundation/core', 'foundation/ui', 'solvers', 'capabilities', 'apps/console'],
    belongs: (path) => !/\.spec\.tsx?$/.test(path) && !/^capabilities\/[^/]+\/server\//.test(path),
    build: buildConsole,
  },
]

/** Builds into dist/ whatever its sources have outrun. Gives the names of the parts that were built. */
export async function ensureBuilt() {
  const built = []
  for (const part of PARTS) {
    const sources = sourcesOf(part)
    const print = fingerprint([...part.settings, ...sources])
    if (builtPrint(part) === print) continue
    say(`正在构建${part.chinese}`, `Building the ${part.name}`)
    rmSync(markerOf(part), { force: true })
    await part.build(sources)
    mkdirSync(DIST, { recursive: true })
    writeFileSync(`${markerOf(part)}.next`, print)
    renameSync(`${markerOf(part)}.next`, markerOf(part))
    built.push(part.name)
  }
  return built
}

/** Types are the business of `npm test`; here a file that can be read is a file that can run. */
async function buildServer(sources) {
  const tsc = join(PROJECT, 'node_modules/@typescript/native/bin/tsc')
  const { code, output } = await runTool(process.execPath, [tsc, '-p', 'tsconfig.server.json', '--noCheck'], {
    cwd: PROJECT,
  })
  if (code !== 0) throw explainFailure('构建服务端', 'Building the server', output)
  removeOrphans(new Set(sources))
}

async function buildConsole() {
  if (!existsSync(join(PROJECT, 'apps/console/vite.config.ts'))) return
  const vite = join(PROJECT, 'node_modules/vite/bin/vite.js')
  const args = [
    'build',
    'apps/console',
    '--config',
    'apps/console/vite.config.ts',
    '--outDir',
    join(DIST, 'console'),
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]
  const { code, output } = await runTool(process.execPath, [vite, ...args], {
    cwd: PROJECT,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (code !== 0) throw explainFailure('构建控制台', 'Building the console', output)
}

/** What was compiled from a file that is gone must not be run any more. */
function removeOrphans(sources) {
  for (const root of PARTS[0].roots) {
    for (const path of filesBelow(join(DIST, root))) {
      const compiled = relative(DIST, path)
      const source = compiled.replace(/\.js(\.map)?$/, '.ts')
      if (!sources.has(source)) rmSync(path)
    }
  }
}

function sourcesOf(part) {
  return part.roots
    .flatMap((root) => filesBelow(join(PROJECT, root)))
    .map((path) => relative(PROJECT, path))
    .filter(part.belongs)
    .sort()
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(PROJECT, path)))
      .update('\0')
  return hash.digest('hex')
}

const markerOf = (part) => join(DIST, `.built-${part.name}`)
const builtPrint = (part) => (existsSync(markerOf(part)) ? readFileSync(markerOf(part), 'utf8') : null)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runCommand(async () => {
    requireNode()
    await ensureInstalled()
    const built = await ensureBuilt()
    if (built.length === 0) say('没有变化, 无需构建', 'Nothing has changed, nothing to build')
  })
}
