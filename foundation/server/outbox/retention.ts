import { sql } from 'kysely'
import { toTimestamp, type Db } from '../db.ts'
import type { Timer } from '../jobs.ts'

const DAY = 86_400_000
/** A client away longer than this reloads; a webhook that has failed longer has lost its place and shows it. */
const STREAM_DAYS = 7
const IDEMPOTENCY_DAYS = 2

/** Forgets what nobody can ask for any more: old stream rows that every flow has run, answers kept for repeats, dead sessions. */
export function keepTidy(db: Db): Timer {
  return {
    name: 'retention',
    everySeconds: 600,
    async run(now) {
      const { seq } = (await db
        .selectFrom('flow_cursor')
        .select('seq')
        .where('consumer', '=', 'flows')
        .executeTakeFirst()) ?? { seq: 0 }
      await db
        .deleteFrom('outbox')
        .where('seq', '<=', seq)
        .where('at', '<', toTimestamp(now - STREAM_DAYS * DAY))
        .execute()
      await sql`delete from flow_run where ran_at < ${toTimestamp(now - STREAM_DAYS * DAY)} and seq <= ${seq}`.execute(
        db,
      )
      await db
        .deleteFrom('idempotency')
        .where('created_at', '<', toTimestamp(now - IDEMPOTENCY_DAYS * DAY))
        .execute()
      await db.deleteFrom('account_session').where('expires_at', '<', toTimestamp(now)).execute()
    },
  }
}
