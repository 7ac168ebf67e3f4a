import type { Bounds } from '../../core/geo.ts'
import { isWithin } from '../../core/geo.ts'
import type { StreamEvent } from '../outbox/outbox.ts'

/** What the board shows of one unit's or device's place. `organisationId` decides who may see it. */
export interface LivePosition {
  readonly id: string
  readonly organisationId: string | null
  readonly lon: number
  readonly lat: number
  /** Whatever else the board shows; sent as it is. */
  readonly [more: string]: unknown
}

/** Live positions as immutable versions: one writer, any number of readers. */
export interface PositionsSource {
  version(): number
  all(): readonly LivePosition[]
  /** Those that changed after `version`; null when that is too long ago to tell. */
  changedSince(version: number): readonly LivePosition[] | null
}

/** The scope of a subscriber for one permission: a set of organisations, or null for all; undefined when it is not held. */
export type ScopeOf = (permission: string) => ReadonlySet<string> | null | undefined

export interface Socket {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes accepted but not yet written to the network. */
  readonly bufferedAmount: number
}

export interface Subscriber {
  readonly socket: Socket
  /** What it may see now; looked at again while it listens (live/rights.ts). */
  scopeOf: ScopeOf
  viewport: Bounds | null
  /** Sequence number of the last event this subscriber has been sent or passed over. */
  seq: number
  positionsVersion: number
  /** Live events go out only after the backlog has. */
  ready: boolean
}

export interface LiveHub {
  add(subscriber: Subscriber): void
  remove(subscriber: Subscriber): void
  size(): number
  /** Hands on a batch of the stream. */
  publish(events: readonly StreamEvent[]): void
  /** Sends what has moved since each subscriber's last positions. */
  sendPositions(): void
  /** Tells how far the stream has got, so that a subscriber who is shown nothing still knows where it stands. */
  heartbeat(now: number): void
  closeAll(): void
}

/** Above this a subscriber gets no positions until it has caught up: only the newest matter. */
const SLOW_BYTES = 256 * 1024
/** Above this events would be lost or memory would be: it is told to reload. */
const STUCK_BYTES = 8 * 1024 * 1024

export const POSITIONS_PERMISSION = 'location.read'

export function eventMessage(event: StreamEvent): string {
  return JSON.stringify({
    t: 'event',
    seq: event.seq,
    topic: event.topic,
    at: new Date(event.at).toISOString(),
    subjectId: event.subjectId,
    organisationId: event.organisationId,
    data: event.data,
  })
}

export function maySee(scopeOf: ScopeOf, permission: string, organisationId: string | null): boolean {
  const scope = scopeOf(permission)
  if (scope === undefined) return false
  return scope === null || organisationId === null || scope.has(organisationId)
}

export function createLiveHub(positions: PositionsSource): LiveHub {
  const subscribers = new Set<Subscriber>()

  function tellToReload(subscriber: Subscriber, reason: string): void {
    subscribers.delete(subscriber)
    subscriber.socket.send(JSON.stringify({ t: 'reload', reason }))
    subscriber.socket.close(4000, reason)
  }

  return {
    add: (subscriber) => void subscribers.add(subscriber),
    remove: (subscriber) => void subscribers.delete(subscriber),
    size: () => subscribers.size,
    publish(events) {
      const texts = events.map(eventMessage)
      for (const subscriber of [...subscribers]) {
        if (!subscriber.ready) continue
        if (subscriber.socket.bufferedAmount > STUCK_BYTES) {
          tellToReload(subscriber, 'too-slow')
          continue
        }
        events.forEach((event, position) => {
          if (event.seq <= subscriber.seq) return
          if (maySee(subscriber.scopeOf, event.permission, event.organisationId))
            subscriber.socket.send(texts[position]!)
          subscriber.seq = event.seq
        })
      }
    },
    sendPositions() {
      const version = positions.version()
      // Boards that look at the same place with the same rights share one message.
      const messages = new Map<string, string | null>()
      for (const subscriber of subscribers) {
        if (!subscriber.ready || subscriber.positionsVersion === version) continue
        const scope = subscriber.scopeOf(POSITIONS_PERMISSION)
        if (scope === undefined) continue
        if (subscriber.socket.bufferedAmount > SLOW_BYTES) continue
        const key = `${subscriber.positionsVersion}|${viewportKey(subscriber.viewport)}|${scope === null ? '' : [...scope].join()}`
        let message = messages.get(key)
        if (message === undefined) {
          message = positionsMessage(positions, subscriber, version, scope)
          messages.set(key, message)
        }
        if (message) subscriber.socket.send(message)
        subscriber.positionsVersion = version
      }
    },
    heartbeat(now) {
      for (const subscriber of subscribers) {
        if (subscriber.ready)
          subscriber.socket.send(
            JSON.stringify({ t: 'beat', seq: subscriber.seq, at: new Date(now).toISOString() }),
          )
      }
    },
    closeAll() {
      for (const subscriber of subscribers) subscriber.socket.close(1001, 'server stops')
      subscribers.clear()
    },
  }
}

function viewportKey(viewport: Bounds | null): string {
  return viewport ? `${viewport.west},${viewport.south},${viewport.east},${viewport.north}` : ''
}

function positionsMessage(
  source: PositionsSource,
  subscriber: Subscriber,
  version: number,
  scope: ReadonlySet<string> | null,
): string | null {
  const changed = subscriber.positionsVersion < 0 ? null : source.changedSince(subscriber.positionsVersion)
  const full = changed === null
  const units = (changed ?? source.all()).filter(
    (unit) =>
      (scope === null || unit.organisationId === null || scope.has(unit.organisationId)) &&
      (subscriber.viewport === null || isWithin(subscriber.viewport, unit)),
  )
  if (!full && units.length === 0) return null
  return JSON.stringify({ t: 'positions', version, full, units })
}
