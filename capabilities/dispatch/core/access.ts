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
  { permission: 'dispatch.order', roles: ['duty-commander', 'dispatcher', 'service'] },
  {
    permission: 'dispatch.answer',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'service'],
  },
  { permission: 'dispatch.configure', roles: ['duty-commander', 'system-admin'] },
]
