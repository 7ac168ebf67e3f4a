import { createLiveChannel, type LiveChannel } from './channel.ts'

/** The one live channel of this page. */
export const live: LiveChannel = createLiveChannel({
  open(path) {
    const url = new URL(path, location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url) as unknown as ReturnType<Parameters<typeof createLiveChannel>[0]['open']>
  },
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  chance: Math.random,
})
