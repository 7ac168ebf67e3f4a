import { refuse, type Refusal } from '../../core/outcome.ts'
import type { SignInFacts } from './store.ts'
import { FAILURES_BEFORE_WAIT } from './waits.ts'

/** Proofs of a password under way, by name and address; a shift change has many, an account has one. */
const underWay = new Map<string, number>()

/**
 * Runs `prove` for one account name at one address. Guesses made at the same moment count as the failures that they may turn out to
 * be, so that hundreds at once are no more than a few one after the other. Refuses `too-many-attempts`.
 * `read` runs inside: whatever an earlier attempt has written down is seen.
 */
export async function inAttempt<T>(
  username: string,
  ip: string,
  now: number,
  read: () => Promise<SignInFacts | null>,
  prove: (facts: SignInFacts | null) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const key = `${ip} ${username.toLowerCase()}`
  const others = underWay.get(key) ?? 0
  underWay.set(key, others + 1)
  try {
    const facts = await read()
    if (facts?.waitsUntil != null && facts.waitsUntil > now) return tooMany(facts.waitsUntil - now)
    if (others > 0 && (facts?.failuresHere ?? 0) + others >= FAILURES_BEFORE_WAIT) return tooMany(1_000)
    return await prove(facts)
  } finally {
    const left = underWay.get(key)! - 1
    if (left > 0) underWay.set(key, left)
    else underWay.delete(key)
  }
}

function tooMany(waitMilliseconds: number): Refusal {
  return refuse('too-many-attempts', { detail: { waitSeconds: Math.ceil(waitMilliseconds / 1000) } })
}
