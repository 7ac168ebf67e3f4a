import { createLiveChannel, type LiveChannel, type LiveSocket } from './channel.ts'
import { createPositionBoard } from './positions.ts'

/** The one live channel of this page. */
export const live: LiveChannel = createLiveChannel({
  open(path) {
    const url = new URL(path, location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url) as unknown as LiveSocket
  },
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  chance: Math.random,
})

/** Where everything is that moves. */
export const positions = createPositionBoard(live)
