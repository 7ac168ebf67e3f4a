import { COMMAND_AND_CREWS, EVERYBODY_ON_DUTY, type AccessRule } from '../../../foundation/core/access.ts'

/** Who may do what with the board, one sentence a row. */
export const ACCESS: readonly AccessRule[] = [
  {
    permission: 'board.read',
    roles: [...EVERYBODY_ON_DUTY, 'service', 'unit-terminal'],
  },
  {
    // The levels as configured: no officer and no unit is in them.
    permission: 'board.read-levels',
    roles: [...EVERYBODY_ON_DUTY, 'system-admin', 'service'],
  },
  {
    permission: 'board.read-names',
    roles: ['duty-commander', 'dispatcher', 'station-chief', 'supervisor'],
    personal: true,
  },
  // Why an officer declined an order.
  {
    permission: 'board.read-reasons',
    roles: ['duty-commander', 'dispatcher', 'station-chief'],
    personal: true,
  },
  { permission: 'board.configure', roles: ['duty-commander', 'system-admin'], district: true },
  { permission: 'board.activate', roles: ['duty-commander'] },
  {
    permission: 'board.answer-order',
    roles: [...COMMAND_AND_CREWS, 'service', 'unit-terminal'],
  },
  {
    permission: 'board.answer-any-order',
    roles: ['duty-commander', 'dispatcher', 'station-chief', 'service', 'unit-terminal'],
  },
]
