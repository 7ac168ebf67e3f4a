import { sql } from 'kysely'
import { addDays } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readKeeping } from './ground.store.ts'

/** A search is looked into while its roster is made. */
const SOLVE_DAYS = 30
const DAY = 86_400_000

/** Who did what when goes after its term; that there was a roster, and what became of it, stays. */
export function forgetDutiesTimer(db: Db, needs: { timeZone(): string }): Timer {
  return {
    name: 'roster: forget days of officers',
    everySeconds: 3_600,
    run: async (now) => void (await forgetDuties(db, needs, now)),
  }
}

/** Deletes days of officers of rosters that ended long enough ago, and writes down how much went. Gives how many. */
export function forgetDuties(db: Db, needs: { timeZone(): string }, now: Instant): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { dutyRetentionDays } = await readKeeping(tx)
    const keptSince = addDays(localDate(now, needs.timeZone()), -dutyRetentionDays)
    const gone = {
      duties: await forgetOfRosters(tx, 'roster_duty', keptSince),
      waivers: await forgetOfRosters(tx, 'roster_waiver', keptSince),
      platoons: await countGone(
        sql`delete from platoon_member where until_date < ${keptSince}::date`.execute(tx),
      ),
      solves: await countGone(
        sql`delete from roster_solve
          where ended_at < ${toTimestamp(now - SOLVE_DAYS * DAY)}::timestamptz`.execute(tx),
      ),
    }
    const rows = gone.duties + gone.waivers + gone.platoons
    if (rows > 0)
      await writeAudit(tx, systemContext('roster retention', now), {
        action: 'roster.forget-duties',
        subjectKind: 'roster',
        subjectId: null,
        detail: { keptSince, ...gone },
      })
    return rows
  })
}

const forgetOfRosters = (tx: Tx, table: 'roster_duty' | 'roster_waiver', keptSince: string) =>
  countGone(
    sql`delete from ${sql.table(table)} d using roster r
      where r.id = d.roster_id and r.from_date + r.days <= ${keptSince}::date`.execute(tx),
  )

async function countGone(deleting: Promise<{ readonly numAffectedRows?: bigint }>): Promise<number> {
  return Number((await deleting).numAffectedRows ?? 0)
}
