import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { settleLoans } from './loans.ts'

/** Loans begin and end by themselves when their time comes. */
export const loanTimer = (db: Db): Timer => ({
  name: 'loans',
  everySeconds: 20,
  run: (now) => inTransaction(db, (tx) => settleLoans(tx, now)),
})
