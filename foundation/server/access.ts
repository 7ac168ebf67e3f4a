import type { AccessRule } from '../core/access.ts'

/** Who may do what with the house's own things. */
export const FOUNDATION_ACCESS: readonly AccessRule[] = [
  { permission: 'account.read', roles: ['security-admin', 'audit-admin'], personal: true },
  { permission: 'account.manage', roles: ['security-admin'], personal: true },
  { permission: 'token.issue', roles: ['security-admin'] },
  { permission: 'audit.read', roles: ['auditor', 'audit-admin'], personal: true },
  { permission: 'webhook.manage', roles: ['system-admin'] },
  { permission: 'system.read', roles: ['system-admin', 'audit-admin'] },
]
