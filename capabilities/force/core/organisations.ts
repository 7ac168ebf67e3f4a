import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Organisation, OrganisationId } from './types.ts'

type Node = Pick<Organisation, 'id' | 'parentId'>

/** An organisation and everything below it. An unknown id gives itself alone. */
export function withDescendants(
  organisations: readonly Node[],
  id: OrganisationId,
): ReadonlySet<OrganisationId> {
  const found = new Set([id])
  let grew = true
  while (grew) {
    grew = false
    for (const { id: child, parentId } of organisations) {
      if (parentId !== null && found.has(parentId) && !found.has(child)) {
        found.add(child)
        grew = true
      }
    }
  }
  return found
}

/** The top of the tree above an organisation: its district. Ends at a parent that is not listed. */
export function rootOf(organisations: readonly Node[], id: OrganisationId): OrganisationId {
  const parentOf = new Map(organisations.map((node) => [node.id, node.parentId]))
  const seen = new Set<OrganisationId>()
  let top = id
  for (;;) {
    const parent = parentOf.get(top)
    if (parent == null || !parentOf.has(parent) || seen.has(parent)) return top
    seen.add(parent)
    top = parent
  }
}

/** Null where `parentId` may stand above `id`; `organisation-parent-unknown` or `organisation-circle` otherwise. */
export function decideParent(
  organisations: readonly Node[],
  id: OrganisationId,
  parentId: OrganisationId | null,
): Refusal | null {
  if (parentId === null) return null
  if (!organisations.some((node) => node.id === parentId))
    return refuse('organisation-parent-unknown', { field: 'parentId', detail: { parentId } })
  if (withDescendants(organisations, id).has(parentId))
    return refuse('organisation-circle', { field: 'parentId', detail: { id, parentId } })
  return null
}
