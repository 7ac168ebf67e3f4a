import type { QueryClient } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { LiveEvent } from '../../../foundation/ui/live/channel.ts'
import { live } from '../../../foundation/ui/live/live.ts'
import { refreshFromLive, type RefreshRow } from '../../../foundation/ui/live/refresh.ts'
import { createStore } from '../../../foundation/ui/store/store.ts'
import { ORDER_REFRESH } from '../../../capabilities/patrol/console/orders-api.ts'

/** The server's reason when events were missed and everything was read again; null once seen. */
export const missedEvents = createStore<string | null>(null)

const NOTICE_MILLISECONDS = 20_000

/** Which events make which reads out of date. */
const REFRESH: readonly RefreshRow[] = [
  { topic: 'unit.', keys: () => [['force-board'], ['street-strength']] },
  { topic: 'officer.', keys: () => [['force-board'], ['street-strength']] },
  { topic: 'vehicle.', keys: () => [['force-board']] },
  { topic: 'organisation.', keys: () => [['force-board'], ['street-strength'], ['organisations']] },
  { topic: 'loan.', keys: () => [['force-board'], ['street-strength']] },
  { topic: 'report.', keys: (event) => [['incidents'], ['incident', incidentOf(event)]] },
  { topic: 'incident.', keys: (event) => [['incidents'], ['incident', event.subjectId]] },
  { topic: 'assignment.', keys: (event) => [['assignments'], ['incident', incidentOf(event)]] },
  { topic: 'notice.', keys: (event) => [['incident', incidentOf(event), 'notices']] },
  { topic: 'activation.', keys: () => [['activations'], ['street-strength']] },
  ORDER_REFRESH,
  { topic: 'key-place.', keys: () => [['key-places'], ['key-place-register']] },
  { topic: 'area.', keys: () => [['areas']] },
  { topic: 'site.', keys: () => [['sites']] },
  { topic: 'district.', keys: () => [['district']] },
]

function incidentOf({ data }: LiveEvent): unknown {
  return typeof data === 'object' && data !== null && 'incidentId' in data ? data.incidentId : undefined
}

/** Keeps every screen true to the live stream, and reads all again when the service comes back. */
export function startFreshness(queries: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const unlisten = refreshFromLive(live, queries, REFRESH, (reason) => {
    missedEvents.set(reason)
    clearTimeout(timer)
    timer = setTimeout(() => missedEvents.set(null), NOTICE_MILLISECONDS)
  })
  let before = api.availability.get()
  const unwatch = api.availability.subscribe(() => {
    const now = api.availability.get()
    if (now === 'up' && before !== 'up') void queries.invalidateQueries()
    before = now
  })
  return () => {
    unlisten()
    unwatch()
    clearTimeout(timer)
  }
}
