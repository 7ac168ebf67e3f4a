import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './tool.mjs'
import { Stop, explainFailure, say } from './words.mjs'

export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)))

const OLDEST_NODE = [20, 19]

/** Refuses a Node that is too old for the packages, before one of them fails in its own words. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Stop(
    `需要 Node.js ${OLDEST_NODE.join('.')} 或更新版本, 当前是 ${version}`,
    `Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${version}`,
  )
}

/** Installs what the lockfile names where node_modules holds anything else. No package's own script is run. */
export async function ensureInstalled() {
  if (isInstalled()) return
  say('正在安装依赖 (首次约半分钟)', 'Installing packages (about half a minute the first time)')
  const { code, output } = await npm(
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  )
  if (code !== 0 || !isInstalled()) throw explainFailure('安装依赖', 'Installing packages', output)
}

/** True when each package of the lockfile lies in node_modules in the same version, by npm's own record of what it laid there. */
export function isInstalled(project = PROJECT) {
  const laid = join(project, 'node_modules', '.package-lock.json')
  if (!existsSync(laid)) return false
  const installed = JSON.parse(readFileSync(laid, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || isForSomeMachines(entry) || installed[path]?.version === entry.version,
  )
}

/** Packages that npm leaves out where they do not fit the machine. */
const isForSomeMachines = (entry) => Boolean(entry.optional || entry.peer || entry.os || entry.cpu)

function npm(...args) {
  const own = process.env.npm_execpath
  return own && own.endsWith('.js')
    ? runTool(process.execPath, [own, ...args], { cwd: PROJECT })
    : runTool('npm', args, { cwd: PROJECT })
}
