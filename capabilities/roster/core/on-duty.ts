import type { Instant } from '../../../foundation/core/instant.ts'
import type { PostKind } from './pattern.ts'

/** What the published roster has an officer do at a moment. Whom it does not know has no entry: nobody is off by oversight. */
export type RosteredAt =
  | {
      readonly kind: 'duty'
      readonly shift: string
      readonly post: PostKind
      readonly isStreet: boolean
      readonly startsAt: Instant
      readonly endsAt: Instant
    }
  | { readonly kind: 'off' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'training' }

/** By officer. */
export type RosteredNow = ReadonlyMap<string, RosteredAt>

/**
 * Everybody on the roster with what they do now: a duty that runs or is about to begin before leave and training of the
 * day, and off where there is neither. Of two duties, one ending and one beginning, the one that runs counts.
 */
export function rosteredNow(
  onRoster: Iterable<string>,
  running: readonly { readonly officerId: string; readonly at: RosteredAt }[],
): RosteredNow {
  const now = new Map<string, RosteredAt>()
  for (const officerId of onRoster) now.set(officerId, { kind: 'off' })
  for (const { officerId, at } of running) {
    const before = now.get(officerId)
    if (at.kind === 'duty' ? before?.kind !== 'duty' : (before?.kind ?? 'off') === 'off')
      now.set(officerId, at)
  }
  return now
}
