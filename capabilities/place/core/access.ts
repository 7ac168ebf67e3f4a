import type { AccessRule, Role } from '../../../foundation/core/access.ts'

const EVERYBODY_ON_DUTY: readonly Role[] = [
  'duty-commander',
  'dispatcher',
  'analyst',
  'team-leader',
  'officer',
  'station-chief',
  'supervisor',
  'auditor',
  'system-admin',
  'service',
  'unit-terminal',
]

/** Who may see the map, its sites, areas and key places, and who may change them. */
export const ACCESS: readonly AccessRule[] = [
  { permission: 'place.read', roles: EVERYBODY_ON_DUTY },
  {
    // Owners and keepers of sites, with their telephone numbers.
    permission: 'place.read-contacts',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'station-chief'],
    personal: true,
  },
  { permission: 'place.edit-sites', roles: ['system-admin', 'station-chief'] },
  { permission: 'place.edit-areas', roles: ['system-admin', 'duty-commander'] },
  { permission: 'place.edit-key-places', roles: ['system-admin', 'duty-commander'], district: true },
  { permission: 'place.edit-district', roles: ['system-admin'], district: true },
]
