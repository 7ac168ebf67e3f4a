import { EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may do what with the life of a published roster, one sentence a row. */
export const LIFE_ACCESS: readonly AccessRule[] = [
  // One's own days, and for oneself: leave, wishes, swaps, having read it, not being able to come.
  { permission: 'roster.read-own', roles: EVERYBODY_ON_DUTY },
  { permission: 'roster.ask', roles: EVERYBODY_ON_DUTY },
  // Who is away when, of the own organisations.
  {
    permission: 'roster.read-absences',
    roles: ['duty-commander', 'station-chief', 'supervisor'],
    personal: true,
  },
  // Leave and swaps: one person answers for who is away and who stands where.
  { permission: 'roster.decide', roles: ['duty-commander', 'station-chief'] },
  // Somebody rings at six: whoever picks up writes it down, and sees who could come.
  {
    permission: 'roster.cover',
    roles: ['duty-commander', 'dispatcher', 'station-chief'],
    personal: true,
  },
  { permission: 'roster.call-roll', roles: ['duty-commander', 'dispatcher', 'team-leader', 'station-chief'] },
  {
    permission: 'roster.read-attendance',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'station-chief', 'supervisor'],
    personal: true,
  },
]
