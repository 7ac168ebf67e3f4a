import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** The restricted role of the running server: it owns nothing and cannot rewrite the audit log. */
export const APP_ROLE = 'xunfang_app'

interface Migration {
  readonly name: string
  readonly sql: string
}

/** The folder that holds package.json, from source and from dist alike. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('package.json not found above the running code')
    folder = parent
  }
  return folder
}

function migrationsIn(folder: string, prefix: string): Migration[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: `${prefix}/${file}`, sql: readFileSync(join(folder, file), 'utf8') }))
}

/** Foundation first, then the capabilities in the order given. */
export function listMigrations(capabilities: readonly string[], root = projectRoot()): Migration[] {
  return [
    ...migrationsIn(join(root, 'foundation/server/migrations'), 'foundation'),
    ...capabilities.flatMap((name) =>
      migrationsIn(join(root, 'capabilities', name, 'server/migrations'), name),
    ),
  ]
}

/**
 * Brings the database up to date, forward only, one transaction a migration, under one advisory lock.
 * Gives the names that were applied. Throws when an applied migration's text has changed since.
 */
export async function migrate(
  ownerUrl: string,
  capabilities: readonly string[],
  now: () => number = Date.now,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await requireVersion15(client)
    await client.query(`select pg_advisory_lock(hashtext('xunfang-migrate'))`)
    await prepareAppRole(client)
    await client.query(
      `create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null)`,
    )
    const applied = new Map(
      (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')).rows.map(
        (row) => [row.name, row.sha256],
      ),
    )
    const fresh: string[] = []
    for (const migration of listMigrations(capabilities)) {
      const sha256 = createHash('sha256').update(migration.sql).digest('hex')
      const before = applied.get(migration.name)
      if (before === sha256) continue
      if (before)
        throw new Error(
          `migration ${migration.name} was changed after it had been applied; add a new one instead`,
        )
      await client.query('begin')
      try {
        await client.query(migration.sql)
        await client.query('insert into migration values ($1, $2, $3)', [
          migration.name,
          sha256,
          new Date(now()),
        ])
        await client.query('commit')
      } catch (fault) {
        await client.query('rollback')
        throw new Error(`migration ${migration.name}: ${(fault as Error).message}`, { cause: fault })
      }
      fresh.push(migration.name)
    }
    return fresh
  } finally {
    await client.end()
  }
}

async function requireVersion15(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    `select current_setting('server_version_num') as server_version_num, current_setting('server_version') as server_version`,
  )
  if (Number(rows[0]!.server_version_num) < 150000)
    throw new Error(`PostgreSQL 15 or newer is needed; this server is ${rows[0]!.server_version}`)
}

/** Default rights come before the tables, so that a migration can take some away again. */
async function prepareAppRole(client: pg.Client): Promise<void> {
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${APP_ROLE}') then create role ${APP_ROLE}; end if;
      if not pg_has_role(current_user, '${APP_ROLE}', 'member') then execute format('grant ${APP_ROLE} to %I', current_user); end if;
    end $$;
    grant usage on schema public to ${APP_ROLE};
    alter default privileges in schema public grant select, insert, update, delete on tables to ${APP_ROLE};
    alter default privileges in schema public grant usage, select on sequences to ${APP_ROLE};
  `)
}
