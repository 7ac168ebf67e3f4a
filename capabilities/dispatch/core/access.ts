import { EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'dispatch.read',
    roles: [...EVERYBODY_ON_DUTY, 'service', 'unit-terminal'],
  },
  {
    // The policies of recommendation, chasing and notices, without any assignment.
    permission: 'dispatch.read-settings',
    roles: [...EVERYBODY_ON_DUTY, 'system-admin', 'service'],
  },
  { permission: 'dispatch.order', roles: ['duty-commander', 'dispatcher', 'service'] },
  // How far one's own unit has got: its crew says it.
  {
    permission: 'dispatch.answer',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'service', 'unit-terminal'],
  },
  // The same for any unit of the scope: the command room by radio, a terminal for its car.
  {
    permission: 'dispatch.answer-any',
    roles: ['duty-commander', 'dispatcher', 'service', 'unit-terminal'],
  },
  { permission: 'dispatch.configure', roles: ['duty-commander', 'system-admin'], district: true },
]
