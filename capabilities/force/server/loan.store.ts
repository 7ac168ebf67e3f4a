import type { Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { forget, remembered } from '../../../foundation/server/remembered.ts'
import type { LendCommand, Loan, LoanId, LoanSubject, OfficerId, UnitId } from '../core/index.ts'
import { forceOn, type ForceTables } from './tables.ts'

type Row<Table extends keyof ForceTables> = Selectable<ForceTables[Table]>

const loanOf = (row: Row<'loan'>): Loan => ({
  id: row.id,
  subject: subjectOf(row),
  fromOrganisationId: row.from_organisation_id,
  toOrganisationId: row.to_organisation_id,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  returnedAt: row.returned_at,
  reason: row.reason,
})

function subjectOf({
  subject_kind,
  subject_id,
}: Pick<Row<'loan'>, 'subject_kind' | 'subject_id'>): LoanSubject {
  return subject_kind === 'officer'
    ? { kind: 'officer', officerId: subject_id as OfficerId }
    : { kind: 'unit', unitId: subject_id as UnitId }
}

const OPEN_LOANS = 'open loans'

/** Loans whose end has not come by `at`, those that have not begun among them. */
export async function listOpenLoans(db: Db | Tx, at: Instant): Promise<Loan[]> {
  const notOver = await remembered(db, OPEN_LOANS, async () => {
    const rows = await forceOn(db)
      .selectFrom('loan')
      .selectAll()
      .where('returned_at', 'is', null)
      .where('over_at', 'is', null)
      .orderBy('starts_at')
      .orderBy('id')
      .execute()
    return rows.map(loanOf)
  })
  return notOver.filter(({ endsAt }) => endsAt === null || endsAt > at)
}

export async function listLoansOf(db: Db | Tx, subject: LoanSubject): Promise<Loan[]> {
  const rows = await forceOn(db)
    .selectFrom('loan')
    .selectAll()
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subjectId(subject))
    .orderBy('starts_at')
    .execute()
  return rows.map(loanOf)
}

export async function lockLoan(tx: Tx, id: string): Promise<Loan | null> {
  const row = await forceOn(tx)
    .selectFrom('loan')
    .selectAll()
    .where('id', '=', id as Loan['id'])
    .forUpdate()
    .executeTakeFirst()
  return row ? loanOf(row) : null
}

export const subjectId = (subject: LoanSubject): string =>
  subject.kind === 'officer' ? subject.officerId : subject.unitId

export async function insertLoan(tx: Tx, command: LendCommand): Promise<LoanId> {
  const id = newId<LoanId>()
  forget(tx, OPEN_LOANS)
  await forceOn(tx)
    .insertInto('loan')
    .values({
      id,
      subject_kind: command.subject.kind,
      subject_id: subjectId(command.subject),
      from_organisation_id: command.fromOrganisationId,
      to_organisation_id: command.toOrganisationId,
      starts_at: toTimestamp(command.startsAt),
      ends_at: command.endsAt === null ? null : toTimestamp(command.endsAt),
      reason: command.reason,
    })
    .execute()
  return id
}

/** Loans whose beginning (or end) has come and has not had its effect yet, locked. */
export async function lockDueLoans(tx: Tx, now: Instant): Promise<{ begin: LoanId[]; end: LoanId[] }> {
  const at = toTimestamp(now) as never
  const rows = await forceOn(tx)
    .selectFrom('loan')
    .select(['id', 'begun_at', 'starts_at', 'ends_at', 'returned_at'])
    .where('over_at', 'is', null)
    .where('starts_at', '<=', at)
    .where((where) =>
      where.or([
        where('begun_at', 'is', null),
        where('ends_at', '<=', at),
        where('returned_at', 'is not', null),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  const isOver = (row: (typeof rows)[number]) => row.returned_at !== null || (row.ends_at ?? Infinity) <= now
  return {
    begin: rows.filter((row) => row.begun_at === null && !isOver(row)).map((row) => row.id),
    end: rows.filter(isOver).map((row) => row.id),
  }
}

export async function markLoan(
  tx: Tx,
  id: LoanId,
  mark: { begunAt?: Instant; returnedAt?: Instant; overAt?: Instant },
): Promise<void> {
  forget(tx, OPEN_LOANS)
  await forceOn(tx)
    .updateTable('loan')
    .set({
      ...(mark.begunAt === undefined ? {} : { begun_at: toTimestamp(mark.begunAt) }),
      ...(mark.returnedAt === undefined ? {} : { returned_at: toTimestamp(mark.returnedAt) }),
      ...(mark.overAt === undefined ? {} : { over_at: toTimestamp(mark.overAt) }),
    })
    .where('id', '=', id)
    .execute()
}
