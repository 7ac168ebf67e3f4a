import { COMMAND_AND_CREWS, EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may see the map, its sites, areas and key places, and who may change them. */
export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'place.read',
    roles: [...EVERYBODY_ON_DUTY, 'auditor', 'system-admin', 'service', 'unit-terminal'],
  },
  {
    // Owners and keepers of sites, with their telephone numbers.
    permission: 'place.read-contacts',
    roles: COMMAND_AND_CREWS,
    personal: true,
  },
  { permission: 'place.edit-sites', roles: ['system-admin', 'station-chief'] },
  { permission: 'place.edit-areas', roles: ['system-admin', 'duty-commander'] },
  { permission: 'place.edit-key-places', roles: ['system-admin', 'duty-commander'], district: true },
  { permission: 'place.edit-district', roles: ['system-admin'], district: true },
]
