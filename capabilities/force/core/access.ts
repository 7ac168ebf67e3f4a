import { COMMAND_AND_CREWS, EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may do what with the force, one sentence a row. */
export const ACCESS: readonly AccessRule[] = [
  {
    // Only what departments there are: who hands out roles has to name them.
    permission: 'force.read-organisations',
    roles: [
      ...EVERYBODY_ON_DUTY,
      'auditor',
      'system-admin',
      'security-admin',
      'audit-admin',
      'service',
      'unit-terminal',
    ],
  },
  {
    permission: 'force.read',
    roles: [...EVERYBODY_ON_DUTY, 'auditor', 'system-admin', 'service', 'unit-terminal'],
  },
  {
    permission: 'force.read-persons',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'station-chief', 'supervisor'],
    personal: true,
  },
  // Who an account belongs to: badge number and name, of those he looks for, and nothing else of the force.
  { permission: 'force.find-officers', roles: ['security-admin'], personal: true, district: true },
  { permission: 'force.manage', roles: ['station-chief', 'duty-commander', 'system-admin'] },
  { permission: 'force.manage-organisations', roles: ['system-admin'], district: true },
  { permission: 'force.lend', roles: ['duty-commander', 'station-chief'] },
  { permission: 'force.call-duty', roles: ['duty-commander', 'dispatcher', 'team-leader', 'station-chief'] },
  // Says a status for a unit of the scope as the command room; a crew says its own with set-status alone.
  { permission: 'force.command-status', roles: ['duty-commander', 'dispatcher', 'station-chief'] },
  {
    permission: 'force.set-status',
    roles: [...COMMAND_AND_CREWS, 'service', 'unit-terminal'],
  },
  // A machine in the car says it for the crew, for any unit of its scope.
  { permission: 'force.speak-for-units', roles: ['service', 'unit-terminal'] },
]
