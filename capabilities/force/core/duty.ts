import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Officer, Post, Unit } from './types.ts'

type DutyState = Pick<Officer, 'id' | 'duty' | 'post'>

/** What changes when an officer is called on or off duty. Off duty ends a foot post. Null: nothing changes. */
export function decideDuty(
  officer: DutyState,
  duty: 'on' | 'off',
): { duty: 'on' | 'off'; post: Post } | null {
  if (officer.duty === duty) return null
  return { duty, post: duty === 'off' ? 'none' : officer.post }
}

/**
 * Takes up or leaves a foot post. Null: nothing changes. Refuses `officer-off-duty`, and `officer-out-with-unit`
 * for one whose unit is on the street already (`isOut`): an officer stands in one place.
 */
export function decidePost(
  officer: DutyState,
  post: Post,
  unit: Pick<Unit, 'id' | 'status'> | null,
  isOut: (status: Unit['status']) => boolean,
): { post: Post } | Refusal | null {
  if (officer.post === post) return null
  if (post === 'none') return { post }
  if (officer.duty === 'off') return refuse('officer-off-duty', { detail: { officerId: officer.id } })
  if (unit && isOut(unit.status))
    return refuse('officer-out-with-unit', { detail: { officerId: officer.id, unitId: unit.id } })
  return { post }
}
