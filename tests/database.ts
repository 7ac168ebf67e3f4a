import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { ORDER } from '../apps/server/order.ts'
import { openDatabase, type Database } from '../foundation/server/db.ts'
import { APP_ROLE, listMigrations, migrate } from '../foundation/server/migrate.ts'

export interface TestDatabase {
  /** As the superuser: migrations, and looking behind the application's back. */
  readonly ownerUrl: string
  /** As the running server, which owns nothing; open it with `role: APP_ROLE`. */
  open(options?: { poolSize?: number }): Database
  /** Ends every connection and removes the database. Call it in `afterAll`. */
  drop(): Promise<void>
}

/**
 * A migrated, otherwise empty database of its own for a spec file, copied from a template that the first
 * file of the run makes. Takes some tens of milliseconds.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const { ownerUrl, drop } = await copyDatabase(await migratedTemplate(inject('clusterUrl')))
  const opened: Database[] = []
  return {
    ownerUrl,
    open({ poolSize = 6 } = {}) {
      const database = openDatabase({ url: ownerUrl, role: APP_ROLE, poolSize })
      opened.push(database)
      return database
    },
    async drop() {
      await Promise.all(opened.map((database) => database.close().catch(() => {})))
      await drop()
    },
  }
}

/** A database of its own as `template` is; null: an empty one. Gives its address and how to be rid of it. */
export async function copyDatabase(template: string | null): Promise<{
  readonly name: string
  readonly ownerUrl: string
  drop(): Promise<void>
}> {
  const clusterUrl = inject('clusterUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const from = template === null ? '' : ` template ${template}`
  await onCluster(clusterUrl, (client) => client.query(`create database ${name}${from}`))
  return {
    name,
    ownerUrl: databaseUrl(clusterUrl, name),
    drop: () =>
      onCluster(clusterUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      }),
  }
}

/** Is there a database of this name? */
export function hasDatabase(name: string): Promise<boolean> {
  return onCluster(inject('clusterUrl'), async (client) => {
    const { rows } = await client.query('select from pg_database where datname = $1', [name])
    return rows.length > 0
  })
}

/** Gives a database that nobody uses its lasting name. */
export function renameDatabase(from: string, to: string): Promise<void> {
  return onCluster(inject('clusterUrl'), async (client) => {
    await client.query(`alter database ${from} rename to ${to}`)
  })
}

/** Named after the migrations in it, so that a database kept between runs is never stale. */
async function migratedTemplate(clusterUrl: string): Promise<string> {
  const texts = listMigrations(ORDER).map((migration) => migration.name + migration.sql)
  const name = `template_${createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16)}`
  await onCluster(clusterUrl, async (client) => {
    // Two spec files start at once: the second waits here and finds the template made.
    await client.query(`select pg_advisory_lock(hashtext('xunfang test template'))`)
    const made = await client.query('select from pg_database where datname = $1', [name])
    if (made.rows.length > 0) return
    await client.query(`drop database if exists ${name}_making with (force)`)
    await client.query(`create database ${name}_making`)
    await migrate(databaseUrl(clusterUrl, `${name}_making`), ORDER)
    await client.query(`alter database ${name}_making rename to ${name}`)
  })
  return name
}

function databaseUrl(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return url.href
}

async function onCluster<T>(clusterUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
