import { EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'
import { LIFE_ACCESS } from './life-access.ts'

/** Who may do what with duty patterns and rosters, one sentence a row. */
export const ACCESS: readonly AccessRule[] = [
  // Who is rostered when, by officer and not by name: what hangs on the wall of every station.
  { permission: 'roster.read', roles: EVERYBODY_ON_DUTY },
  // What is not settled yet, and what a change of pattern would do.
  {
    permission: 'roster.read-drafts',
    roles: ['duty-commander', 'station-chief', 'analyst', 'supervisor'],
  },
  // Patterns, schemes, posts and numbers, without any officer's day.
  { permission: 'roster.read-settings', roles: [...EVERYBODY_ON_DUTY, 'system-admin'] },
  // Schemes, platoons and posts of the own station, and its rows of the roster.
  { permission: 'roster.edit', roles: ['duty-commander', 'station-chief'] },
  // A roster is one for all stations: beginning one, solving it, publishing and withdrawing it.
  { permission: 'roster.make', roles: ['duty-commander', 'station-chief'], district: true },
  { permission: 'roster.configure', roles: ['duty-commander', 'system-admin'], district: true },
  // With names, to print and to take away.
  { permission: 'roster.export', roles: ['duty-commander', 'station-chief'], personal: true },
  ...LIFE_ACCESS,
]
