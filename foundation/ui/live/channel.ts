import { createStore, type Store } from '../store/store.ts'

export interface LiveEvent {
  readonly t: 'event'
  readonly seq: number
  readonly topic: string
  readonly at: string
  readonly subjectId: string | null
  readonly data: unknown
}

export interface LivePosition {
  readonly id: string
  readonly lon: number
  readonly lat: number
  readonly [name: string]: unknown
}

export interface LivePositions {
  readonly t: 'positions'
  readonly version: number
  readonly full: boolean
  readonly units: readonly LivePosition[]
  /** Units that are no longer shown, where the server says so. */
  readonly gone?: readonly string[]
}

export interface Viewport {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** What the status bar shows. `since` and `lastMessageAt` are moments of this machine's clock. */
export interface LiveState {
  readonly connection: 'idle' | 'connecting' | 'open' | 'waiting'
  readonly since: number
  readonly lastMessageAt: number | null
  readonly attempts: number
}

/** The part of a WebSocket that the channel needs, so that a test can stand in for it. */
export interface LiveSocket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

export interface LiveSurroundings {
  open(path: string): LiveSocket
  now(): number
  /** Runs once after `milliseconds`; gives its cancel. */
  after(milliseconds: number, run: () => void): () => void
  /** In [0, 1): spreads the reconnects of a room full of screens. */
  chance(): number
}

export interface LiveListener {
  event?(event: LiveEvent): void
  positions?(message: LivePositions): void
  /** Something was missed: everything on the screen has to be read again. */
  reload?(reason: string): void
}

export interface LiveChannel {
  readonly state: Store<LiveState>
  start(): void
  stop(): void
  listen(listener: LiveListener): () => void
  setViewport(viewport: Viewport): void
}

const FIRST_WAIT_MILLISECONDS = 500
const LONGEST_WAIT_MILLISECONDS = 15_000
/** The server beats more often than this; a stream that says nothing for so long is dead, whatever the socket believes. */
const SILENCE_MILLISECONDS = 40_000
/** Close code of an ended session (RFC 6455 private range). The sign-in page takes over; no reconnect. */
const SIGNED_OUT = 4401

/**
 * The live stream: resumes after the last event seen, waits longer after each failure, and passes on the server's
 * word that events were missed. An event that was already seen is dropped, so every listener sees each once, in order.
 */
export function createLiveChannel(surroundings: LiveSurroundings): LiveChannel {
  const state = createStore<LiveState>({
    connection: 'idle',
    since: surroundings.now(),
    lastMessageAt: null,
    attempts: 0,
  })
  const listeners = new Set<LiveListener>()
  let socket: LiveSocket | null = null
  let cancelWait: (() => void) | null = null
  let cancelWatch: (() => void) | null = null
  let lastSeq: number | null = null
  let viewport: Viewport | null = null

  const move = (connection: LiveState['connection'], attempts = state.get().attempts) =>
    state.set({ ...state.get(), connection, attempts, since: surroundings.now() })

  const connect = () => {
    cancelWait = null
    move('connecting')
    const opened = surroundings.open(lastSeq === null ? '/api/live' : `/api/live?after=${lastSeq}`)
    socket = opened
    opened.onopen = () => {
      if (viewport) opened.send(JSON.stringify({ t: 'viewport', ...viewport }))
    }
    opened.onmessage = ({ data }) => {
      if (socket === opened) receive(data)
    }
    opened.onclose = ({ code }) => {
      if (socket !== opened) return
      socket = null
      cancelWatch?.()
      if (code === SIGNED_OUT) return move('idle', 0)
      const attempts = state.get().attempts + 1
      move('waiting', attempts)
      const wait = Math.min(
        LONGEST_WAIT_MILLISECONDS,
        FIRST_WAIT_MILLISECONDS * 2 ** Math.min(attempts - 1, 10),
      )
      cancelWait = surroundings.after(wait * (0.5 + surroundings.chance() / 2), connect)
    }
  }

  const watch = () => {
    cancelWatch?.()
    cancelWatch = surroundings.after(SILENCE_MILLISECONDS, () => {
      const silent = socket
      silent?.onclose?.({ code: 1006 })
      silent?.close()
    })
  }

  const reload = (reason: string) => {
    lastSeq = null
    for (const listener of listeners) listener.reload?.(reason)
  }

  const receive = (data: unknown) => {
    const message = readMessage(data)
    if (message === null) return
    watch()
    state.set({ ...state.get(), connection: 'open', attempts: 0, lastMessageAt: surroundings.now() })
    switch (message.t) {
      case 'hello':
        // A stream that ends before the last event seen is another stream: a database restored from a backup.
        if (lastSeq !== null && message.seq < lastSeq) reload('stream-restarted')
        lastSeq ??= message.seq
        return
      case 'beat':
        // Events this person may not see are passed over; the beat says how far the stream has got.
        if (lastSeq !== null && message.seq > lastSeq) lastSeq = message.seq
        return
      case 'event':
        if (lastSeq !== null && message.seq <= lastSeq) return
        lastSeq = message.seq
        for (const listener of listeners) listener.event?.(message)
        return
      case 'positions':
        for (const listener of listeners) listener.positions?.(message)
        return
      case 'reload':
        reload(message.reason)
        if (typeof message.seq === 'number') lastSeq = message.seq
    }
  }

  return {
    state,
    start() {
      if (socket || cancelWait) return
      connect()
    },
    stop() {
      cancelWait?.()
      cancelWait = null
      cancelWatch?.()
      const closing = socket
      socket = null
      closing?.close()
      lastSeq = null
      move('idle', 0)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setViewport(next) {
      viewport = next
      if (socket && state.get().connection === 'open') socket.send(JSON.stringify({ t: 'viewport', ...next }))
    },
  }
}

type Message =
  | { readonly t: 'hello'; readonly seq: number }
  | { readonly t: 'beat'; readonly seq: number }
  | LiveEvent
  | LivePositions
  | { readonly t: 'reload'; readonly reason: string; readonly seq?: number }

const KNOWN = new Set(['hello', 'beat', 'event', 'positions', 'reload'])

function readMessage(data: unknown): Message | null {
  if (typeof data !== 'string') return null
  try {
    const message = JSON.parse(data) as { t?: unknown }
    return typeof message.t === 'string' && KNOWN.has(message.t) ? (message as Message) : null
  } catch {
    return null
  }
}
