import type { Timer } from '../../../foundation/server/jobs.ts'
import { dropDaysBefore, openDaysAround } from './fix.store.ts'
import type { Location } from './room.ts'
import { dropCountsBefore } from './count.store.ts'

const DAY = 86_400_000
/** Counts hold no position; they are kept a year and more, so that a year can be set beside the one before. */
const COUNTS_KEPT_DAYS = 800

/** What this room does by the clock. The moment arrives as an argument. */
export function locationTimers(location: Location): Timer[] {
  const { pool } = location.needs.database
  return [
    {
      name: 'location key places',
      everySeconds: 5,
      // Between two passes, so that the flow and the watch never change presence at once.
      run: (now) =>
        location.writer.between(() => location.keyPlaces.sweep(location.board.placedUnits(), now)),
    },
    { name: 'location counts', everySeconds: 5, run: (now) => location.counters.flush(now) },
    {
      name: 'location settings and units',
      everySeconds: 20,
      async run() {
        await location.refresh()
        await location.regroup()
      },
    },
    {
      name: 'location days',
      everySeconds: 3_600,
      run: (now) => keepDays(location, now),
    },
  ]

  async function keepDays({ rules }: Location, now: number): Promise<void> {
    await openDaysAround(pool, now, rules().storeAheadDays)
    // One day of grace: a fix at the edge of retention may be on its way into the oldest day.
    await dropDaysBefore(pool, now - (rules().retentionDays + 1) * DAY)
    await dropCountsBefore(
      location.needs.database.db,
      new Date(now - COUNTS_KEPT_DAYS * DAY).toISOString().slice(0, 10),
    )
  }
}
