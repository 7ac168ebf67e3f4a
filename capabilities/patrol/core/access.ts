import { EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may turn analysis into patrol, who answers for it, and who is sent. */
export const ACCESS: readonly AccessRule[] = [
  {
    // Where and when the whole district's patrol and risk are; no unit is named.
    permission: 'patrol.read-sync',
    roles: ['analyst', 'duty-commander', 'supervisor', 'station-chief'],
    district: true,
  },
  {
    // Compared with places of the whole district.
    permission: 'patrol.read-results',
    roles: ['analyst', 'duty-commander', 'supervisor', 'station-chief'],
    district: true,
  },
  {
    permission: 'patrol.read-orders',
    roles: ['duty-commander', 'dispatcher', 'analyst', 'station-chief', 'supervisor', 'service'],
  },
  { permission: 'patrol.propose-order', roles: ['duty-commander', 'dispatcher', 'analyst', 'station-chief'] },
  // Approving, returning and withdrawing: one person answers for where units are sent.
  { permission: 'patrol.approve-order', roles: ['duty-commander'] },
  // What one's own unit is sent to do, and hearing that it has been.
  { permission: 'patrol.read-own-orders', roles: [...EVERYBODY_ON_DUTY, 'service', 'unit-terminal'] },
  // That an order has been read: its crew says it.
  {
    permission: 'patrol.answer-order',
    roles: ['duty-commander', 'dispatcher', 'team-leader', 'officer', 'service', 'unit-terminal'],
  },
  // The same for any unit of the scope: the command room by radio, a terminal for its car.
  {
    permission: 'patrol.answer-any-order',
    roles: ['duty-commander', 'dispatcher', 'service', 'unit-terminal'],
  },
  {
    // Which unit was where when: personal data, as tracks are.
    permission: 'patrol.read-visits',
    roles: ['duty-commander', 'dispatcher', 'analyst', 'station-chief', 'supervisor'],
    personal: true,
  },
  // The numbers of orders and of what counts as a visit, without any order.
  {
    permission: 'patrol.read-settings',
    roles: [...EVERYBODY_ON_DUTY, 'system-admin', 'service'],
  },
  { permission: 'patrol.configure', roles: ['duty-commander', 'system-admin'], district: true },
]
