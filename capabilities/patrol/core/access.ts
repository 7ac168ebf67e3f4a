import type { AccessRule } from '../../../foundation/core/access.ts'

/** Who may turn analysis into patrol, who answers for it, and who is sent. */
export const ACCESS: readonly AccessRule[] = [
  {
    // Where and when the whole district's patrol and risk are; no unit is named.
    permission: 'patrol.read-sync',
    roles: ['analyst', 'duty-commander', 'supervisor', 'station-chief'],
    district: true,
  },
]
