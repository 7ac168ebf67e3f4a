import { COMMAND_AND_CREWS, EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'incident.read',
    roles: [...EVERYBODY_ON_DUTY, 'service', 'unit-terminal'],
  },
  {
    // Types, grading rules, response plan, dispositions and policies: nothing of any incident is in them.
    permission: 'incident.read-settings',
    roles: [...EVERYBODY_ON_DUTY, 'system-admin', 'service', 'intake-system'],
  },
  {
    permission: 'incident.report',
    roles: [...COMMAND_AND_CREWS, 'service', 'intake-system'],
  },
  { permission: 'incident.read-caller', roles: ['duty-commander', 'dispatcher'], personal: true },
  { permission: 'incident.grade', roles: ['duty-commander', 'dispatcher', 'service'] },
  { permission: 'incident.command', roles: ['duty-commander', 'dispatcher', 'service'] },
  {
    permission: 'incident.record',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'service'],
  },
  { permission: 'incident.configure', roles: ['duty-commander', 'system-admin'], district: true },
]
