import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { DatabaseFault } from './fault.ts'

/** Whom PostgreSQL runs as. Null: as ourselves. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * PostgreSQL refuses root. A cluster that exists runs as its owner; otherwise as the system user `xunfang`, made
 * on first use; where none can be made, as `postgres` or `nobody`, and that is said.
 */
export function serverAccount(
  clusterFolder: string,
  tell: (chinese: string, english: string) => void,
): Account | null {
  if (!isRoot()) return null
  const owner = ownerOf(clusterFolder)
  if (owner && owner.uid !== 0) return owner
  const own = findAccount('xunfang') ?? createAccount()
  if (own) return own
  for (const name of ['postgres', 'nobody']) {
    const other = findAccount(name)
    if (!other) continue
    tell(
      `无法建立系统用户 xunfang, PostgreSQL 以 ${name} 运行`,
      `No system user xunfang can be made; PostgreSQL runs as ${name}`,
    )
    return other
  }
  throw new DatabaseFault('no-system-user', 'xunfang')
}

function ownerOf(folder: string): Account | null {
  try {
    const { uid, gid } = statSync(folder)
    return { name: String(uid), uid, gid }
  } catch {
    return null
  }
}

function findAccount(name: string): Account | null {
  const ask = (what: string) => spawnSync('id', [what, name], { encoding: 'utf8' })
  const uid = ask('-u')
  const gid = ask('-g')
  if (uid.status !== 0 || gid.status !== 0) return null
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

function createAccount(): Account | null {
  const options = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ]
  spawnSync('useradd', [...options, 'xunfang'], { encoding: 'utf8' })
  return findAccount('xunfang')
}

/** Whether the account may enter a folder, asked of the kernel itself: modes, lists and mounts all count. */
export function mayEnter(account: Account | null, folder: string): boolean {
  if (!account) return true
  return (
    spawnSync('/bin/sh', ['-c', 'cd -P -- "$1"', 'sh', folder], {
      uid: account.uid,
      gid: account.gid,
      cwd: '/',
    }).status === 0
  )
}
