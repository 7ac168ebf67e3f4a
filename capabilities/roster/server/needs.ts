import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Loan, Officer, Organisation, Unit } from '../../force/core/index.ts'
import type { RosterAbsence, RosterWish } from '../core/index.ts'

/** What rosters need from rooms that they do not know. */
export interface RosterNeeds {
  timeZone(): string
  listOrganisations(db: Db | Tx): Promise<readonly Pick<Organisation, 'id' | 'nameZh' | 'nameEn' | 'code'>[]>
  listOfficers(db: Db | Tx): Promise<readonly Officer[]>
  listUnits(db: Db | Tx): Promise<readonly Unit[]>
  /** Loans that are not over at a moment, those that have not begun among them. */
  listLoans(db: Db | Tx, at: Instant): Promise<readonly Loan[]>
  /** Names for files that leave the house; personal. `scope` null: the whole district. */
  listPersons(
    db: Db | Tx,
    scope: ReadonlySet<string> | null,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>
  /** Approved ones that touch these days, the last among them. */
  listAbsences(db: Db | Tx, fromDate: string, untilDate: string): Promise<readonly RosterAbsence[]>
  listWishes(db: Db | Tx, fromDate: string, untilDate: string): Promise<readonly RosterWish[]>
}
