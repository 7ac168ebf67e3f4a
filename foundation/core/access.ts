/** The roles of operations reference «Who uses it», and the three administrators who are never one person. */
export const ROLES = [
  'duty-commander',
  'dispatcher',
  'analyst',
  'team-leader',
  'officer',
  'station-chief',
  'supervisor',
  'auditor',
  'system-admin',
  'security-admin',
  'audit-admin',
  'service',
  'intake-system',
  'unit-terminal',
] as const
export type Role = (typeof ROLES)[number]

/** The people of a duty day, from the command room to the street: they see the board and what it is made of. */
export const EVERYBODY_ON_DUTY: readonly Role[] = [
  'duty-commander',
  'dispatcher',
  'analyst',
  'team-leader',
  'officer',
  'station-chief',
  'supervisor',
]

/** Those among them who act in an incident: who send, and who are sent. */
export const COMMAND_AND_CREWS: readonly Role[] = [
  'duty-commander',
  'dispatcher',
  'team-leader',
  'officer',
  'station-chief',
]

/**
 * Who may do what, one row a permission, written as a sentence: «dispatcher, duty-commander may incident.dispatch».
 * Each capability's core/access.ts holds its own rows; apps/server joins them.
 */
export interface AccessRule {
  /** `<capability>.<verb>` */
  readonly permission: string
  readonly roles: readonly Role[]
  /** Reading it shows personal data, so each reading is written to the audit log. */
  readonly personal?: true
  /** It touches what is the whole district's: a grant for a part of it does not give this. */
  readonly district?: true
}

/** One role given to an account for an organisation and all below it; null means the whole district. */
export interface Grant {
  readonly role: Role
  readonly organisationId: string | null
}

/** No account holds two of these (GB/T 22239 separation of the three administrators). */
export const SEPARATED_ADMINISTRATORS: readonly Role[] = ['system-admin', 'security-admin', 'audit-admin']
