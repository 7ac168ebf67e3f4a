import { hash, verify, type Options } from '@node-rs/argon2'

/** argon2id at OWASP's minimum (19 MiB, two passes, one lane): about ten a second on one core. */
const PARAMETERS: Options = { algorithm: 2 /* argon2id */, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** So many at once and no more: a shift change of three hundred sign-ins queues here instead of starving dispatch. */
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS))
}

/** Checks a password. Without a stored hash it does the same work and says no, so that the time tells nothing. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    if (stored) return verify(stored, password).catch(() => false)
    await hash(password, PARAMETERS)
    return false
  })
}

/** NIST SP 800-63B: length is what counts. Gives the refusal code, or null where the password will do. */
export function passwordFault(
  password: string,
  username: string,
): 'invalid-password-too-short' | 'invalid-password-too-plain' | null {
  if ([...password].length < 10) return 'invalid-password-too-short'
  if (new Set(password).size < 4 || password.toLowerCase().includes(username.toLowerCase()))
    return 'invalid-password-too-plain'
  return null
}
