import { EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may see where units are and were, and who keeps the devices. */
export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'location.read',
    roles: [...EVERYBODY_ON_DUTY, 'service', 'unit-terminal'],
  },
  {
    // Where officers were, minute by minute: personal data.
    permission: 'location.read-tracks',
    roles: ['duty-commander', 'dispatcher', 'analyst', 'station-chief', 'supervisor'],
    personal: true,
  },
  {
    permission: 'location.read-devices',
    roles: ['system-admin', 'dispatcher', 'station-chief', 'duty-commander'],
  },
  { permission: 'location.manage-devices', roles: ['system-admin'], district: true },
  { permission: 'location.bind-devices', roles: ['system-admin', 'dispatcher', 'station-chief'] },
  {
    permission: 'location.read-counters',
    roles: ['system-admin', 'dispatcher', 'duty-commander', 'supervisor', 'service'],
  },
]
