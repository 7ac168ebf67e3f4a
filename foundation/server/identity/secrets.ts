import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Encrypts what the database keeps but must not show: second-factor and webhook secrets. */
export interface SecretBox {
  seal(text: string): string
  open(sealed: string): string
  /** Tells the same text again, and without the key nothing about it. */
  fingerprint(text: string): Buffer
}

/** AES-256-GCM under a key that lies outside the database, in a file that only the server's user reads. */
export function openSecretBox(keyFile: string): SecretBox {
  if (!existsSync(keyFile)) {
    mkdirSync(dirname(keyFile), { recursive: true })
    writeFileSync(keyFile, randomBytes(32), { mode: 0o600, flag: 'wx' })
    chmodSync(keyFile, 0o600)
  }
  const key = readFileSync(keyFile)
  if (key.length !== 32)
    throw new Error(
      `${keyFile} is not a key of 32 bytes; restore it from the backup, or second factors must be enrolled anew`,
    )
  return {
    seal(text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed) {
      const raw = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12))
      decipher.setAuthTag(raw.subarray(12, 28))
      return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8')
    },
    fingerprint: (text) => createHmac('sha256', key).update(text).digest(),
  }
}

/** A secret for a session, a token or a device: 256 bits, safe in a URL and a header. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of such a secret. It has 256 bits of chance, so one round of SHA-256 is enough. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

export function isSameSecret(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
