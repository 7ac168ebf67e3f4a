import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import type { ActorContext } from '../http/context.ts'
import type { Bearer, Credential } from '../identity/sessions.ts'
import type { LiveHub, ScopeOf, Subscriber } from './hub.ts'

/** Close code of an ended session (RFC 6455 private range): the console shows its sign-in page and does not come again. */
export const SIGNED_OUT = 4401
/** Close code for one who takes more than a board needs (RFC 6455). */
export const TOO_MUCH = 1008

const LOOK_MILLISECONDS = 5_000
/** A board sends its view as it is moved; this many messages in one second is no board. */
const MESSAGES_A_SECOND = 50
/** A command room shares one account on many walls; more streams than this are a fault or worse. */
const STREAMS_AN_ACCOUNT = 200

export function scopeReader(actor: ActorContext): ScopeOf {
  return (permission) => {
    if (permission === 'signed-in') return null
    return actor.may(permission) ? actor.scopeOf(permission) : undefined
  }
}

interface Listening {
  readonly subscriber: Subscriber
  readonly socket: WebSocket
  readonly credential: Credential
  readonly accountId: string
  /** As text: another text, other rights. */
  grants: string
}

export interface LiveRights {
  /** Watches a stream until it closes. False where the account has too many already. */
  watch(subscriber: Subscriber, socket: WebSocket, bearer: Bearer): boolean
}

const keyOf = ({ kind, hash }: Credential) => `${kind} ${hash.toString('base64')}`

/**
 * A stream lives as long as what opened it: within seconds of a session's end, a token's revocation, a closed account
 * or other grants it is closed, or shows what may be seen now and is told to read everything again.
 */
export function watchRights(app: FastifyInstance, hub: LiveHub): LiveRights {
  const listening = new Set<Listening>()

  async function look(): Promise<void> {
    if (listening.size === 0) return
    const asked = [...listening]
    const credentials = new Map(asked.map(({ credential }) => [keyOf(credential), credential]))
    const rights = await app.rightsOf([...credentials.values()])
    const rightsOf = new Map(rights.map((right) => [keyOf(right.credential), right]))
    for (const one of asked) {
      const right = rightsOf.get(keyOf(one.credential))
      if (!right) {
        listening.delete(one)
        hub.remove(one.subscriber)
        one.socket.close(SIGNED_OUT, 'signed out')
        continue
      }
      one.subscriber.scopeOf = scopeReader(right.actor)
      const grants = JSON.stringify(right.grants)
      if (one.grants !== grants) {
        one.subscriber.positionsVersion = -1
        one.socket.send(JSON.stringify({ t: 'reload', reason: 'rights-changed', seq: one.subscriber.seq }))
      }
      one.grants = grants
    }
  }

  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    // Without a database nothing can be read that one may not see either; the next look tries again.
    look()
      .catch((fault: unknown) => app.log.warn({ err: fault }, 'rights of live streams not looked at'))
      .finally(() => (looking = false))
  }, LOOK_MILLISECONDS)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))

  return {
    watch(subscriber, socket, { credential, accountId, grants }) {
      const own = [...listening].filter((one) => one.accountId === accountId)
      if (own.length >= STREAMS_AN_ACCOUNT) return false
      const one = { subscriber, socket, credential, accountId, grants: JSON.stringify(grants) }
      listening.add(one)
      socket.on('close', () => listening.delete(one))
      socket.on('error', () => listening.delete(one))
      return true
    },
  }
}

/** Whether another message at `now` is one more than a board sends. */
export function createFloodGate(): (now: number) => boolean {
  let second = 0
  let count = 0
  return (now) => {
    const current = Math.floor(now / 1000)
    if (current !== second) [second, count] = [current, 0]
    return ++count > MESSAGES_A_SECOND
  }
}
