import type { AccessRule } from '../../../foundation/core/access.ts'

/**
 * A plan shows where and when incidents of the whole district happened, which is more than a grant for a part of it
 * shows, so each of these is the district's.
 */
export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'analysis.read',
    roles: ['duty-commander', 'dispatcher', 'analyst', 'station-chief', 'supervisor'],
    district: true,
  },
  { permission: 'analysis.run', roles: ['duty-commander', 'analyst'], district: true },
  // How the day is planned, without any plan.
  {
    permission: 'analysis.read-settings',
    roles: ['duty-commander', 'analyst', 'system-admin'],
    district: true,
  },
  { permission: 'analysis.configure', roles: ['duty-commander', 'analyst', 'system-admin'], district: true },
]
