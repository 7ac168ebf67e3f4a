import { generateSecret, generateURI, verifySync } from 'otplib'

const PERIOD_SECONDS = 30

export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

export function totpUri(secret: string, username: string): string {
  return generateURI({ issuer: 'Xunfang', label: username, secret })
}

/**
 * The time step that a code belongs to, one step of clock drift either way (RFC 6238), or null for a wrong code
 * and for one whose step has been used: a code that was read over a shoulder is worth nothing.
 */
export function totpStep(secret: string, code: string, now: number, lastStep: number | null): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const epoch = Math.floor(now / 1000)
  const outcome = verifySync({ secret, token: code, epoch, epochTolerance: PERIOD_SECONDS })
  if (!outcome.valid) return null
  const step =
    Math.floor(epoch / PERIOD_SECONDS) +
    ('delta' in outcome && typeof outcome.delta === 'number' ? outcome.delta : 0)
  return lastStep !== null && step <= lastStep ? null : step
}
