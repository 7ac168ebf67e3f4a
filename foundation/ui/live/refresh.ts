import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { LiveChannel, LiveEvent } from './channel.ts'

/** One row: events whose topic starts so make these query keys out of date. Each capability's console lists its own. */
export interface RefreshRow {
  readonly topic: string
  readonly keys: (event: LiveEvent) => readonly QueryKey[]
}

/** Events come in bursts (an activation orders a hundred officers): each key is read again once per pause. */
const PAUSE_MILLISECONDS = 350

/** Keeps the query cache true to the live stream. Gives the function that ends it. */
export function refreshFromLive(
  channel: LiveChannel,
  queries: QueryClient,
  rows: readonly RefreshRow[],
  onReload: (reason: string) => void,
): () => void {
  const waiting = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | null = null

  const flush = () => {
    timer = null
    const keys = [...waiting.values()]
    waiting.clear()
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
  }

  const unlisten = channel.listen({
    event(event) {
      for (const row of rows) {
        if (!event.topic.startsWith(row.topic)) continue
        for (const key of row.keys(event)) waiting.set(JSON.stringify(key), key)
      }
      if (waiting.size > 0 && timer === null) timer = setTimeout(flush, PAUSE_MILLISECONDS)
    },
    reload(reason) {
      void queries.invalidateQueries()
      onReload(reason)
    },
  })
  return () => {
    unlisten()
    if (timer !== null) clearTimeout(timer)
  }
}
