import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import type { Caller, Reply } from '../house.ts'
import type { Asked } from './command.ts'
import { everyCommand, type Stage } from './every-command.ts'
import { openTwoStations } from './two-stations.ts'

/** Commands of a person at the own session: tests/api/sessions.spec.ts and identity.spec.ts see what they write. */
const AT_A_SESSION = [
  'POST /api/setup',
  'POST /api/session',
  'DELETE /api/session',
  'POST /api/me/password',
  'DELETE /api/me/sessions/{id}',
  'POST /api/second-factor',
  'POST /api/second-factor/confirm',
]

/** Asked with a body, and nothing is written: no command. */
const ASKED_ONLY = [
  'POST /api/duty-patterns/check',
  'POST /api/rosters/{id}/check',
  'POST /api/roster-previews',
]

describe('the audit log', () => {
  const stage = {} as Stage
  /** May do everything, but whatever is written into the log for it fails. */
  let unlogged: Caller
  let unloggedSecurity: Caller
  beforeAll(async () => {
    const scene = await openTwoStations()
    Object.assign(stage, scene, { security: await scene.house.as('security-admin') })
    unloggedSecurity = await scene.house.as('security-admin')
    unlogged = await scene.house.as('duty-commander', 'dispatcher', 'station-chief', 'system-admin')
    const owner = new pg.Client({ connectionString: scene.house.testDatabase.ownerUrl })
    await owner.connect()
    const ids = [unlogged, unloggedSecurity].map(({ accountId }) => `'${accountId}'`).join(', ')
    await owner.query(`
      create function refuse_entry() returns trigger language plpgsql as $$
      begin raise exception 'the log is full'; end $$;
      create trigger refuse_entry before insert on audit_entry for each row
        when (new.account_id in (${ids})) execute function refuse_entry();`)
    await owner.end()
  })
  afterAll(() => stage.close())

  const rowsOf = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await stage.house.database.pool.query<T>(text, values)).rows
  const send = (
    caller: Caller,
    method: string,
    { path, body, version, contentType }: Asked,
  ): Promise<Reply> =>
    caller.send(method, path, body, {
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    })
  const COMMANDS = everyCommand(stage)

  it('is tried with every command there is', async () => {
    const { body } = await stage.all.get<{ paths: Record<string, object> }>('/api/openapi.json')
    const commands = Object.entries(body.paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .filter((route) => !route.startsWith('GET ') && route.includes(' /api/'))
    expect([...COMMANDS.map(([route]) => route), ...AT_A_SESSION, ...ASKED_ONLY].sort()).toEqual(
      commands.sort(),
    )
  })

  it.each(COMMANDS)('stands or falls with %s', async (route, ask) => {
    const method = route.split(' ')[0]!
    const isAccounts = route.includes('/api/accounts')
    const [logged, blocked] = isAccounts ? [stage.security, unloggedSecurity] : [stage.all, unlogged]
    const asked = await ask()
    const newest = async () =>
      (await rowsOf<{ id: number }>('select coalesce(max(id), 0) as id from audit_entry'))[0]!.id
    const before = await newest()
    const failed = await send(blocked, method, asked)
    expect([failed.status, failed.body['code']], `${route}: ${JSON.stringify(failed.body)}`).toEqual([
      500,
      'internal-error',
    ])

    // Had the first one left anything behind, this one would meet it: another version, a name taken, a step made.
    const done = await send(logged, method, asked)
    expect(done.status, `${route}: ${JSON.stringify(done.body)}`).toBeLessThan(300)
    const entries = await rowsOf<{ action: string; ip: string; request_id: string; account_name: string }>(
      'select * from audit_entry where id > $1 and account_id = $2',
      [before, logged.accountId],
    )
    expect(entries.length, route).toBeGreaterThan(0)
    for (const entry of entries) {
      expect(entry.action).toMatch(/^[a-z-]+\.[a-z-]+$/)
      expect([entry.ip, entry.account_name.length > 0]).toEqual(['127.0.0.1', true])
      expect(entry.request_id).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('keeps why, from the command or from the header', async () => {
    const id = await stage.incidentAt(stage.east)
    await stage.all.send('POST', `/api/incidents/${id}/confirm-level`, { level: 'general', reason: '现场' })
    await stage.all.send('POST', `/api/incidents/${id}/escalate`, { level: 'major', reason: '人群聚集' })
    const path = `/api/units/${stage.east.otherUnitId}`
    await stage.all.send(
      'PATCH',
      path,
      { skills: ['x'] },
      {
        'if-match': (await stage.all.get(path)).headers.get('etag')!,
        'x-reason': encodeURIComponent('编制调整'),
      },
    )
    const reasons = await rowsOf<{ action: string; reason: string }>(
      `select action, reason from audit_entry where subject_id = any($1) and reason is not null order by id desc limit 2`,
      [[id, stage.east.otherUnitId]],
    )
    expect(reasons).toEqual([
      { action: 'force.change-unit', reason: '编制调整' },
      { action: 'incident.escalate', reason: '人群聚集' },
    ])
  })

  it.each([
    'audit_entry',
    'audit_seal',
    'incident_event',
    'activation_event',
    'patrol_order_event',
    'roster_event',
    'unit_status_change',
  ])('and %s are added to and read by the running server, and nothing else', async (table) => {
    const { pool } = stage.house.database
    for (const statement of [`delete from ${table}`, `truncate ${table}`])
      await expect(pool.query(statement), statement).rejects.toThrow('permission denied')
    const [column] = await rowsOf<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = $1 limit 1`,
      [table],
    )
    await expect(pool.query(`update ${table} set ${column!.name} = ${column!.name}`)).rejects.toThrow(
      'permission denied',
    )
    await expect(pool.query(`drop table ${table}`)).rejects.toThrow('must be owner')
    await expect(pool.query(`alter table ${table} disable trigger all`)).rejects.toThrow('must be owner')
  })
})
