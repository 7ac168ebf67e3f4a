import type { AccessRule } from '../../../foundation/core/access.ts'

export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'dispatch.read',
    roles: [
      'duty-commander',
      'dispatcher',
      'team-leader',
      'officer',
      'station-chief',
      'supervisor',
      'analyst',
      'service',
    ],
  },
  {
    // The policies of recommendation, chasing and notices, without any assignment.
    permission: 'dispatch.read-settings',
    roles: [
      'duty-commander',
      'dispatcher',
      'team-leader',
      'officer',
      'station-chief',
      'supervisor',
      'analyst',
      'system-admin',
      'service',
    ],
  },
  { permission: 'dispatch.order', roles: ['duty-commander', 'dispatcher', 'service'] },
  {
    permission: 'dispatch.answer',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'service'],
  },
  { permission: 'dispatch.configure', roles: ['duty-commander', 'system-admin'], district: true },
]
