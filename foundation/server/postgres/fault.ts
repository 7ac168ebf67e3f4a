/**
 * Why no database could be had, and what removes the cause, told on the terminal before any screen or
 * language file exists: both languages at once.
 */
export type DatabaseFaultCode =
  | 'no-postgresql'
  | 'too-old'
  | 'disk-full'
  | 'port-in-use'
  | 'foreign-folder'
  | 'other-major-version'
  | 'owned-by-another-user'
  | 'not-writable'
  | 'held-by-another-server'
  | 'unreachable'
  | 'no-system-user'
  | 'did-not-start'

const WORDS: Record<DatabaseFaultCode, readonly [chinese: string, english: string]> = {
  'no-postgresql': [
    '没有可用的 PostgreSQL: 本机没有对应平台的内置版本, 也未安装 15 及以上版本; 请安装 postgresql 或设置 DATABASE_URL',
    'no PostgreSQL can be had: none is bundled for this platform and none from 15 on is installed; install postgresql or set DATABASE_URL',
  ],
  'too-old': ['PostgreSQL 版本过低, 需要 15 及以上', 'this PostgreSQL is too old, 15 or newer is needed'],
  'disk-full': ['磁盘已满, 请清理后重试', 'the disk is full; free some space and try again'],
  'port-in-use': ['端口已被其他程序占用', 'the port is in use by another program'],
  'foreign-folder': [
    '该文件夹不是本系统建立的数据库, 为避免损坏不予使用; 请用 --data 指定其他文件夹',
    'this folder holds something that Xunfang did not make, so it is left alone; choose another one with --data',
  ],
  'other-major-version': [
    '数据由另一个主版本的 PostgreSQL 写入, 请使用该版本, 或先导出再导入',
    'the data was written by another major version of PostgreSQL; use that one, or dump and restore',
  ],
  'owned-by-another-user': [
    '数据文件夹属于其他用户, 请以该用户或 root 启动, 或用 --data 指定其他文件夹',
    'the data folder belongs to another user; start as that user or as root, or choose another folder with --data',
  ],
  'not-writable': ['没有写入数据文件夹的权限', 'this user may not write into the data folder'],
  'held-by-another-server': [
    '该数据文件夹正由另一个巡防服务使用, 请先停止它, 或用 --data 指定其他文件夹',
    'another Xunfang server is using this data folder; stop it first, or choose another folder with --data',
  ],
  unreachable: ['连不上 DATABASE_URL 指定的数据库', 'the database named by DATABASE_URL cannot be reached'],
  'no-system-user': [
    'PostgreSQL 不能以 root 运行, 而本机无法建立系统用户; 请以普通用户启动',
    'PostgreSQL does not run as root and no system user can be had here; start as an ordinary user',
  ],
  'did-not-start': ['PostgreSQL 未能启动', 'PostgreSQL did not start'],
}

/** Thrown by the launcher. `detail` is the folder, port, version or log line it is about. */
export class DatabaseFault extends Error {
  readonly code: DatabaseFaultCode
  readonly detail: string

  constructor(code: DatabaseFaultCode, detail: string, cause?: unknown) {
    const [chinese, english] = WORDS[code]
    super(`${chinese} · ${english}${detail ? ` (${detail})` : ''}`, { cause })
    this.name = 'DatabaseFault'
    this.code = code
    this.detail = detail
  }
}

/** The fault that an operating system error or a PostgreSQL log shows, where it shows one that people can remove. */
export function faultIn(text: string, detail: string): DatabaseFault | null {
  if (/ENOSPC|No space left on device|Disk quota exceeded/i.test(text))
    return new DatabaseFault('disk-full', detail)
  if (/Address already in use|could not create any TCP\/IP sockets/i.test(text))
    return new DatabaseFault('port-in-use', detail)
  if (/database files are incompatible|initialized by PostgreSQL version/i.test(text))
    return new DatabaseFault('other-major-version', detail)
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system/i.test(text))
    return new DatabaseFault('not-writable', detail)
  return null
}
