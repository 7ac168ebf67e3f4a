import type { AccessRule } from '../../../foundation/core/access.ts'

/** Who may turn analysis into patrol, who answers for it, and who is sent. */
export const ACCESS: readonly AccessRule[] = []
