import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INCIDENT_FLOW } from '../../flows/incident.ts'
import { startProduct, type Product } from '../browser.ts'
import buildProduct from '../build.setup.ts'
import { openFolder, removeFolder } from '../launching.ts'
import { ask, deviceFor, freePort, lookBehind, ownerUrlOf, postmasterOf, tokenFor, until } from './house.ts'
import type { Behind } from './house.ts'
import { startWork, type Acknowledged, type Workload } from './workload.ts'

/** Twenty in all: the server and PostgreSQL by turns. */
const KILLS = 20
const DISPATCHERS = 6
/** Fewer units than the dispatchers want at a time, so that they meet. */
const UNITS = 8
/** Commands answered between two kills, so that each kill meets work in progress. */
const BETWEEN_KILLS = 15
/** Of the commands checked after a restart, so many are sent again under their keys. */
const REPEATED = 3

const dataFolder = openFolder('faults')
let product: Product
let port: number
let token: string
let behind: Behind
let work: Workload
let fellOver: Error | null = null

beforeAll(async () => {
  buildProduct()
  port = await freePort()
  await start()
  const ownerUrl = await ownerUrlOf(dataFolder)
  behind = lookBehind(ownerUrl)
  token = await tokenFor(ownerUrl, 'dispatcher', 'duty-commander')
  const units = await behind.rows<{ id: string }>(
    `select id from unit where status = 'patrolling' order by call_sign limit ${UNITS}`,
  )
  const device = await deviceFor(ownerUrl, units[0]!.id)
  await until(async () => (await trySending(device)) === 200)
  work = startWork({
    url: product.url,
    token,
    unitIds: units.map(({ id }) => id),
    device,
    dispatchers: DISPATCHERS,
  })
})
afterAll(async () => {
  await work?.end().catch(() => {})
  await behind?.end()
  await product?.stop()
  removeFolder(dataFolder)
})

async function start(): Promise<void> {
  const started = await startProduct({ dataFolder, port, args: ['--no-play'] })
  started.process.once('exit', (code, signal) => {
    if (signal !== 'SIGKILL' && code !== 0)
      fellOver = new Error(
        `the server ended by itself (${code ?? signal}):\n${started.output().slice(-5000)}`,
      )
  })
  product = started
}

/** The server reads its devices again every few seconds. */
async function trySending({ code, secret }: { code: string; secret: string }): Promise<number> {
  const fix = { fixedAt: new Date().toISOString(), lon: 116.4, lat: 39.9 }
  const body = { deviceId: code, fixes: [fix] }
  return (await ask(`${product.url}/positions/batch`, { method: 'POST', token: secret, body })).status
}

/** What must be in the database for one acknowledged command, in one transaction with it. */
const TRACES: Record<Acknowledged['does'], { entry: string; action: string; topic: string }> = {
  report: { entry: 'opened', action: 'incident.report', topic: 'incident.opened' },
  order: { entry: 'unit-ordered', action: 'dispatch.order', topic: 'assignment.ordered' },
  acknowledge: {
    entry: 'unit-acknowledged',
    action: 'dispatch.acknowledge',
    topic: 'assignment.acknowledged',
  },
  depart: { entry: 'unit-departed', action: 'dispatch.depart', topic: 'assignment.departed' },
  arrive: { entry: 'unit-arrived', action: 'dispatch.arrive', topic: 'assignment.arrived' },
  release: { entry: 'unit-released', action: 'dispatch.release', topic: 'assignment.released' },
  close: { entry: 'closed', action: 'incident.close', topic: 'incident.closed' },
}

/** Commands of which something is missing or there twice: timeline, state, audit, announcement, answer. Must be none. */
function incomplete(commands: readonly Acknowledged[]): Promise<object[]> {
  const asked = commands.map(({ key, does, subjectId }) => ({ key, does, subjectId, ...TRACES[does] }))
  return behind.rows(
    `with asked as (
       select * from jsonb_to_recordset($1::jsonb) as _ (key text, does text, "subjectId" text, entry text, action text, topic text)
     ), found as (
       select asked.*,
         (select count(*)::int from incident_event where type = entry and case when does in ('report', 'close')
            then incident_id = "subjectId" else data ->> 'assignmentId' = "subjectId" end) as told,
         (select count(*)::int from audit_entry where audit_entry.action = asked.action and case does
            when 'report' then detail ->> 'incidentId' = "subjectId"
            when 'order' then detail -> 'orders' @> jsonb_build_array(jsonb_build_object('id', "subjectId"))
            else subject_id = "subjectId" end) as audited,
         (select count(*)::int from outbox where outbox.topic = asked.topic and subject_id = "subjectId") as announced,
         (select count(*)::int from idempotency where idempotency.key = asked.key and status < 300) as kept,
         case does
           when 'report' then exists (select from incident where id = "subjectId")
           when 'close' then exists (select from incident where id = "subjectId" and status = 'closed')
           else exists (select from assignment where id = "subjectId" and case does
             when 'order' then true
             when 'acknowledge' then acknowledged_at is not null
             when 'depart' then departed_at is not null
             when 'arrive' then arrived_at is not null
             else released_at is not null end)
         end as stands
       from asked
     )
     select * from found where not stands or told <> 1 or audited <> 1 or announced <> 1 or kept <> 1`,
    [JSON.stringify(asked)],
  )
}

async function lostFixes(fixes: readonly string[]): Promise<string[]> {
  const rows = await behind.rows<{ at: string }>(
    `select at from unnest($1::text[]) as at where not exists (select from fix where fixed_at = at::timestamptz)`,
    [[...fixes]],
  )
  return rows.map(({ at }) => at)
}

/** The same command under the same key gives the same answer again and says so. */
async function repeat({ key, path, body, status, answer }: Acknowledged): Promise<void> {
  const again = await ask(product.url + path, {
    method: 'POST',
    token,
    key,
    ...(body === undefined ? {} : { body }),
  })
  expect(again.headers.get('idempotency-replayed'), path).toBe('true')
  expect({ status: again.status, answer: again.body }).toEqual({ status, answer })
}

describe('kill -9 under dispatch load', () => {
  it(
    `loses nothing acknowledged in ${KILLS} kills of the server and of PostgreSQL by turns`,
    { timeout: 600_000 },
    async () => {
      let checked = 0
      let checkedFixes = 0
      for (let kill = 1; kill <= KILLS; kill++) {
        await work.more(BETWEEN_KILLS)
        if (kill % 2 === 1) {
          await product.kill()
          await start()
        } else {
          const struck = postmasterOf(dataFolder)!
          process.kill(struck, 'SIGKILL')
          // Answered again, and by another PostgreSQL: a strike that missed would prove nothing.
          await work.more(1)
          await until(async () => (postmasterOf(dataFolder) ?? struck) !== struck)
        }
        const commands = work.acknowledged.slice(checked)
        const fixes = work.fixes.slice(checkedFixes)
        checked += commands.length
        checkedFixes += fixes.length
        await until(async () => (await ask(`${product.url}/healthz`).catch(() => null))?.status === 200)
        expect(await incomplete(commands), `after kill ${kill}`).toEqual([])
        expect(await lostFixes(fixes), `after kill ${kill}`).toEqual([])
        for (const command of commands.slice(0, REPEATED)) await repeat(command)
        expect(fellOver).toBeNull()
      }
      await work.end()
      expect(await incomplete(work.acknowledged)).toEqual([])
      expect(await lostFixes(work.fixes)).toEqual([])
      expect(work.acknowledged.length).toBeGreaterThan(KILLS * BETWEEN_KILLS)
      expect(work.fixes.length).toBeGreaterThan(KILLS)
      // The kills did meet commands on their way.
      expect(work.lost.answers).toBeGreaterThan(0)
    },
  )

  it('lets a command whose answer was lost take effect once when it is repeated', async () => {
    const count = (does: Acknowledged['does']) =>
      work.acknowledged.filter((command) => command.does === does).length
    const made = await behind.rows<{ reports: number; assignments: number }>(
      `select (select count(*)::int from report) as reports, (select count(*)::int from assignment) as assignments`,
    )
    expect(made).toEqual([{ reports: count('report'), assignments: count('order') }])
  })

  /** Everything announced has its number, and the flows have come to the end of the stream. */
  const hasSettled = () =>
    behind.value<boolean>(
      `select not exists (select from outbox where seq is null)
          and stream_head.seq = (select seq from flow_cursor where consumer = 'flows') from stream_head`,
    )

  it('never has a unit in two places', async () => {
    expect(
      await behind.rows(
        `select unit_id from assignment where released_at is null group by unit_id having count(*) > 1`,
      ),
    ).toEqual([])
    // What has no number yet has no place in the stream either.
    await until(hasSettled)
    const steps = await behind.rows<{ unit_id: string; topic: string }>(
      `select data ->> 'unitId' as unit_id, topic from outbox
        where topic in ('assignment.ordered', 'assignment.released') order by data ->> 'unitId', seq`,
    )
    const doubled = steps.filter(
      (step, at) => step.topic === steps[at - 1]?.topic && step.unit_id === steps[at - 1]?.unit_id,
    )
    expect(doubled).toEqual([])
  })

  it('goes on with every flow where it was, once each, and lets units follow their assignments', async () => {
    await until(hasSettled)
    const rows = INCIDENT_FLOW.map(({ id, on }) => ({ id, topic: on }))
    const notRun = await behind.rows(
      `select outbox.seq, outbox.topic, rows.id from outbox
         join jsonb_to_recordset($1::jsonb) as rows (id text, topic text) on rows.topic = outbox.topic
         left join flow_run on flow_run.seq = outbox.seq and flow_run.row_id = rows.id
        where flow_run.seq is null`,
      [JSON.stringify(rows)],
    )
    expect(notRun).toEqual([])
    expect(await behind.rows('select * from flow_failure')).toEqual([])
    const outOfStep = await behind.rows(
      `select unit.call_sign, unit.status, assignment.state
         from unit left join assignment on assignment.unit_id = unit.id and released_at is null
        where case when assignment.state is null then unit.status in ('en-route', 'on-scene', 'stand-by')
                   when assignment.state in ('en-route', 'on-scene') then unit.status <> assignment.state
                   else false end`,
    )
    expect(outOfStep).toEqual([])
  })

  it('leaves no gap in any timeline nor in the stream', async () => {
    expect(
      await behind.rows(
        `select incident.id from incident left join incident_event on incident_id = incident.id
          group by incident.id, last_sequence
         having count(*) <> last_sequence or min(sequence) <> 1 or max(sequence) <> last_sequence`,
      ),
    ).toEqual([])
    expect(
      await behind.rows(
        `select count(*)::int as events, max(outbox.seq)::int as head, stream_head.seq::int as said
           from outbox, stream_head group by stream_head.seq
         having count(*) <> max(outbox.seq) or max(outbox.seq) <> stream_head.seq`,
      ),
    ).toEqual([])
  })
})
