import type { AccessRule } from '../../../foundation/core/access.ts'

/** Who may do what with duty patterns and rosters, one sentence a row. */
export const ACCESS: readonly AccessRule[] = []
