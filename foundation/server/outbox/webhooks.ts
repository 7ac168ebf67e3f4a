import { createHmac } from 'node:crypto'
import type { AccessRule } from '../../core/access.ts'
import { toTimestamp, type Db } from '../db.ts'
import type { SecretBox } from '../identity/secrets.ts'
import type { Timer } from '../jobs.ts'
import { readStream } from './publisher.ts'
import type { StreamEvent } from './outbox.ts'

const BATCH = 100
const TIMEOUT_MILLISECONDS = 10_000

/** Whether a hook that listens to `topics` (`*` for all, `incident.*` for a family) wants this one. */
export function wants(topics: readonly string[], topic: string): boolean {
  return topics.some(
    (wanted) =>
      wanted === '*' || wanted === topic || (wanted.endsWith('.*') && topic.startsWith(wanted.slice(0, -1))),
  )
}

/** The signature header: `t=<unix seconds>,v1=<hex HMAC-SHA-256 over "t.body">`, the form that receivers of webhooks know. */
export function signature(secret: string, unixSeconds: number, body: string): string {
  return `t=${unixSeconds},v1=${createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')}`
}

/** A receiver is another system: it hears what a service account may read, whatever its topics say and whoever entered it. */
export function mayHear(rules: readonly AccessRule[], permission: string): boolean {
  return (
    permission === 'signed-in' ||
    rules.some((rule) => rule.permission === permission && rule.roles.includes('service'))
  )
}

/**
 * A receiver lies in the house's own network as often as not, so addresses are the system administrator's word; only
 * what can be no receiver is refused: a name and password in the address, which logs would show, and link-local
 * addresses, where clouds keep their keys. Redirects are not followed.
 */
export function isReceiver(url: string): boolean {
  try {
    const { hostname, username, password } = new URL(url)
    return username === '' && password === '' && !/^(169\.254\.|\[fe[89ab])/i.test(hostname)
  } catch {
    return false
  }
}

/** Sends every hook what it has not had yet, in stream order, at least once; backs off from 5 s to an hour when it fails. */
export function webhookTimer(db: Db, secrets: SecretBox, rules: readonly AccessRule[]): Timer {
  return {
    name: 'webhooks',
    everySeconds: 1,
    async run(now) {
      const due = await db
        .selectFrom('webhook')
        .selectAll()
        .where('active', '=', true)
        .where('next_attempt_at', '<=', toTimestamp(now))
        .execute()
      await Promise.all(
        due.map((hook) => deliver(db, rules, { ...hook, secret: secrets.open(hook.secret) }, now)),
      )
    },
  }
}

async function deliver(
  db: Db,
  rules: readonly AccessRule[],
  hook: { id: string; url: string; secret: string; topics: string[]; cursor: number; failures: number },
  now: number,
): Promise<void> {
  const events = await readStream(db, hook.cursor, BATCH)
  if (events.length === 0) return
  const wanted = events.filter((event) => wants(hook.topics, event.topic) && mayHear(rules, event.permission))
  const status = wanted.length === 0 ? 'ok' : await post(hook, wanted, now)
  if (status === 'ok') {
    await db
      .updateTable('webhook')
      .set({
        cursor: events.at(-1)!.seq,
        failures: 0,
        last_status: status,
        next_attempt_at: toTimestamp(now),
      })
      .where('id', '=', hook.id)
      .execute()
    return
  }
  const waitSeconds = Math.min(3600, 5 * 2 ** hook.failures)
  await db
    .updateTable('webhook')
    .set({
      failures: hook.failures + 1,
      last_status: status,
      next_attempt_at: toTimestamp(now + waitSeconds * 1000),
    })
    .where('id', '=', hook.id)
    .execute()
}

async function post(
  hook: { url: string; secret: string },
  events: readonly StreamEvent[],
  now: number,
): Promise<string> {
  const body = JSON.stringify({
    events: events.map(({ permission: _permission, ...event }) => ({
      ...event,
      at: new Date(event.at).toISOString(),
    })),
  })
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-xunfang-signature': signature(hook.secret, Math.floor(now / 1000), body),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })
    await response.body?.cancel()
    return response.ok ? 'ok' : `HTTP ${response.status}`
  } catch (fault) {
    return (fault as Error).message.slice(0, 200)
  }
}
