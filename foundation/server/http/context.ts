import type { AccessRule, Grant, Role } from '../../core/access.ts'
import type { Instant } from '../../core/instant.ts'

/** Who asks, with what rights, from where and when. It goes with every command and every read. */
export interface ActorContext {
  readonly accountId: string | null
  readonly name: string
  readonly officerId: string | null
  readonly roles: readonly Role[]
  readonly ip: string
  readonly requestId: string
  /** The moment at which the request began. */
  readonly now: Instant
  /** Why, as the person gave it in the header `X-Reason` (percent-encoded UTF-8); the audit entry keeps it. */
  readonly reason: string | null
  may(permission: string): boolean
  /** The organisations for which the permission holds; null means the whole district. Empty when it is not held. */
  scopeOf(permission: string): ReadonlySet<string> | null
  /** What belongs to no organisation is for anyone who holds the permission somewhere: an incident outside every area is everyone's. */
  mayFor(permission: string, organisationId: string | null): boolean
  /** Whether the permission holds for the whole district. */
  mayForDistrict(permission: string): boolean
}

/** Every organisation's parent; roots map to null. Arrives from the capability that owns organisations. */
export type OrganisationTree = ReadonlyMap<string, string | null>

export interface ContextFacts {
  readonly accountId: string | null
  readonly name: string
  readonly officerId?: string | null
  readonly grants: readonly Grant[]
  readonly ip: string
  readonly requestId: string
  readonly now: Instant
  readonly reason?: string | null
}

/** Works out, once a request, which permissions the grants give and for which organisations. */
export function contextOf(
  facts: ContextFacts,
  rules: readonly AccessRule[],
  tree: OrganisationTree,
): ActorContext {
  const scopes = new Map<string, Set<string> | null>()
  for (const grant of facts.grants) {
    for (const rule of rules) {
      if (!rule.roles.includes(grant.role)) continue
      const before = scopes.get(rule.permission)
      if (before === null) continue
      if (grant.organisationId === null) scopes.set(rule.permission, null)
      else if (rule.district) {
        if (isWholeDistrict(grant.organisationId, tree)) scopes.set(rule.permission, null)
      } else scopes.set(rule.permission, withSubtree(before ?? new Set(), grant.organisationId, tree))
    }
  }
  const nobody: ReadonlySet<string> = new Set()
  const scopeOf = (permission: string) => {
    const scope = scopes.get(permission)
    return scope === undefined ? nobody : scope
  }
  return {
    accountId: facts.accountId,
    name: facts.name,
    officerId: facts.officerId ?? null,
    roles: [...new Set(facts.grants.map((grant) => grant.role))],
    ip: facts.ip,
    requestId: facts.requestId,
    now: facts.now,
    reason: facts.reason ?? null,
    may: (permission) => scopes.has(permission),
    scopeOf,
    mayFor(permission, organisationId) {
      const scope = scopeOf(permission)
      if (scope === null) return true
      return organisationId === null ? scope.size > 0 : scope.has(organisationId)
    },
    mayForDistrict(permission) {
      const scope = scopes.get(permission)
      return scope === null || (scope !== undefined && tree.size > 0 && scope.size >= tree.size)
    },
  }
}

/** Whether an organisation and those below it are all there are. */
function isWholeDistrict(organisationId: string, tree: OrganisationTree): boolean {
  return tree.has(organisationId) && withSubtree(new Set(), organisationId, tree).size === tree.size
}

function withSubtree(into: Set<string>, root: string, tree: OrganisationTree): Set<string> {
  into.add(root)
  let grew = true
  while (grew) {
    grew = false
    for (const [id, parent] of tree) {
      if (parent !== null && into.has(parent) && !into.has(id)) {
        into.add(id)
        grew = true
      }
    }
  }
  return into
}

/** The house itself acting: a timer, a flow, an import. It may do everything and signs with its name. */
export function systemContext(name: string, now: Instant): ActorContext {
  return {
    accountId: null,
    name,
    officerId: null,
    roles: [],
    ip: 'local',
    requestId: name,
    now,
    reason: null,
    may: () => true,
    scopeOf: () => null,
    mayFor: () => true,
    mayForDistrict: () => true,
  }
}
