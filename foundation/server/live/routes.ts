import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import { readStream, streamWindow } from '../outbox/publisher.ts'
import { eventMessage, maySee, type LiveHub, type Subscriber } from './hub.ts'
import { createFloodGate, scopeReader, TOO_MUCH, watchRights } from './rights.ts'

/** A client further behind than this reloads: reading the state again is faster than hearing what led to it. */
const BACKLOG = 5_000

/**
 * The live stream. A client says the last event it has seen and gets every later one it may see, in order, and then
 * what happens. Where that cannot be given, it is told to reload; nothing is ever left out without a word.
 */
export function registerLiveRoutes(app: FastifyInstance, hub: LiveHub): void {
  const rights = watchRights(app, hub)
  app.get(
    '/api/live',
    { websocket: true, config: { permission: 'signed-in' }, schema: { hide: true } },
    (socket, request) => {
      const after = Number((request.query as { after?: string }).after ?? '')
      const subscriber: Subscriber = {
        socket,
        scopeOf: scopeReader(request.actor),
        viewport: null,
        seq: 0,
        positionsVersion: -1,
        ready: false,
      }
      if (!rights.watch(subscriber, socket, request.bearer!))
        return socket.close(TOO_MUCH, 'too many streams')
      const isFlood = createFloodGate()
      socket.on('message', (raw) => {
        if (!isFlood(performance.now())) return readMessage(subscriber, String(raw))
        hub.remove(subscriber)
        socket.close(TOO_MUCH, 'too many messages')
      })
      socket.on('close', () => hub.remove(subscriber))
      socket.on('error', () => hub.remove(subscriber))
      hub.add(subscriber)
      void begin(
        app,
        hub,
        socket,
        subscriber,
        Number.isSafeInteger(after) && after >= 0 && (request.query as { after?: string }).after !== ''
          ? after
          : null,
        request.log,
      )
    },
  )
}

async function begin(
  app: FastifyInstance,
  hub: LiveHub,
  socket: WebSocket,
  subscriber: Subscriber,
  after: number | null,
  log: FastifyBaseLogger,
): Promise<void> {
  const reload = (reason: string) => {
    hub.remove(subscriber)
    socket.send(JSON.stringify({ t: 'reload', reason }))
    socket.close(4000, reason)
  }
  try {
    const { first, head } = await streamWindow(app.db)
    if (after !== null && (after < first - 1 || after > head || head - after > BACKLOG))
      return reload(after > head ? 'stream-restarted' : 'missed-events')
    subscriber.seq = after ?? head
    socket.send(JSON.stringify({ t: 'hello', seq: subscriber.seq, head }))
    // The backlog is read until it is dry; only then do live batches go out, so that none is passed over between the two.
    for (;;) {
      const events = await readStream(app.db, subscriber.seq, 500)
      for (const event of events) {
        if (maySee(subscriber.scopeOf, event.permission, event.organisationId))
          socket.send(eventMessage(event))
        subscriber.seq = event.seq
      }
      if (events.length === 0 && subscriber.seq >= app.outbox.head()) break
      if (socket.readyState !== socket.OPEN) return hub.remove(subscriber)
    }
    subscriber.ready = true
  } catch (fault) {
    log.warn({ err: fault }, 'live stream could not begin')
    hub.remove(subscriber)
    socket.close(1013, 'try again later')
  }
}

function readMessage(subscriber: Subscriber, text: string): void {
  if (text.length > 1_000) return
  let message: { t?: unknown; west?: unknown; south?: unknown; east?: unknown; north?: unknown }
  try {
    message = JSON.parse(text) as typeof message
  } catch {
    return
  }
  if (message?.t !== 'viewport') return
  const { west, south, east, north } = message
  const isBounds = [west, south, east, north].every(
    (edge) => typeof edge === 'number' && Number.isFinite(edge),
  )
  subscriber.viewport = isBounds
    ? { west: west as number, south: south as number, east: east as number, north: north as number }
    : null
  // A new view starts from a full picture.
  subscriber.positionsVersion = -1
}
