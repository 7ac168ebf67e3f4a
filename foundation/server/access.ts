import type { AccessRule } from '../core/access.ts'

/** Who may do what with the house's own things, all of which are the whole district's. */
export const FOUNDATION_ACCESS: readonly AccessRule[] = [
  { permission: 'account.read', roles: ['security-admin', 'audit-admin'], personal: true, district: true },
  { permission: 'account.manage', roles: ['security-admin'], personal: true, district: true },
  { permission: 'token.issue', roles: ['security-admin'], district: true },
  { permission: 'audit.read', roles: ['auditor', 'audit-admin'], personal: true, district: true },
  { permission: 'webhook.manage', roles: ['system-admin'], district: true },
]
