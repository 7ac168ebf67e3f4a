import { SEPARATED_ADMINISTRATORS, type Grant, type Role } from '../../../foundation/core/access.ts'

/** Roles of machines; the server refuses them to persons, and administrators' roles to machines. */
const ROLES_OF_SERVICES: readonly Role[] = ['service', 'intake-system', 'unit-terminal']

/** Whether an account of a kind can hold a role at all. */
export const fitsKind = (role: Role, kind: 'person' | 'service'): boolean =>
  kind === 'person' ? !ROLES_OF_SERVICES.includes(role) : !SEPARATED_ADMINISTRATORS.includes(role)

/** Administrators' roles hold for the whole district: there is no system administrator of a station. */
export const isForDistrictOnly = (role: Role): boolean => SEPARATED_ADMINISTRATORS.includes(role)

/** The grants as they are sent: each pair once, administrators without an organisation. */
export function tidyGrants(grants: readonly Partial<Grant>[]): readonly Grant[] {
  const tidy = new Map<string, Grant>()
  for (const { role, organisationId } of grants) {
    if (role === undefined) continue
    const grant = { role, organisationId: isForDistrictOnly(role) ? null : (organisationId ?? null) }
    tidy.set(`${grant.role} ${grant.organisationId ?? ''}`, grant)
  }
  return [...tidy.values()]
}

/** Whether two sets of grants are the same, in whatever order. */
export function areSameGrants(one: readonly Grant[], other: readonly Grant[]): boolean {
  const keys = (grants: readonly Grant[]) =>
    grants
      .map(({ role, organisationId }) => `${role} ${organisationId ?? ''}`)
      .toSorted()
      .join('\n')
  return keys(one) === keys(other)
}
