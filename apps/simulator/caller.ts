import type { Instant } from '../../foundation/core/instant.ts'
import type { Position } from '../../foundation/core/geo.ts'
import { isRefused, type Api } from './api.ts'
import type { CallToPlay } from './shapes.ts'

/** The telephone: calls of the past arrive again, each at its time on a clock of its own. */
export interface Caller {
  /** Places the calls that are due. */
  ring(now: Instant): Promise<void>
  readonly placed: number
  readonly isDone: boolean
}

/**
 * `dueAt` says when a call arrives on the clock of `now`. `unitNear` names the unit that found what a patrol
 * discovered. `run` keeps this playing apart from earlier ones: the same call played again is another report.
 */
export function openCaller(
  api: Api,
  calls: readonly CallToPlay[],
  given: {
    readonly run: string
    dueAt(call: CallToPlay): Instant
    unitNear(place: Position): string | null
    nameOf(place: Position): string
    onRefused(refused: string): void
  },
): Caller {
  let next = 0
  return {
    get placed() {
      return next
    },
    get isDone() {
      return next >= calls.length
    },
    async ring(now) {
      while (next < calls.length && given.dueAt(calls[next]!) <= now) {
        const call = calls[next]!
        await place(call)
        next++
      }
    },
  }

  async function place(call: CallToPlay): Promise<void> {
    const { lon, lat } = call
    const foundByUnitId = call.origin === 'patrol' ? given.unitNear(call) : null
    const outcome = await api.post('/api/reports', {
      // Without any unit on the street nobody can have found it.
      origin: call.origin === 'patrol' && foundByUnitId === null ? 'citizen' : call.origin,
      typeCode: call.typeCode,
      summary: call.description ?? '',
      address: call.address ?? given.nameOf(call),
      position: { lon, lat },
      ...(call.peopleCount === null ? {} : { peopleCount: call.peopleCount }),
      circumstances: call.circumstances,
      isHourDrawn: call.hourDrawn,
      ...(foundByUnitId === null ? {} : { foundByUnitId }),
      external: {
        source: call.source,
        id: `${call.externalId.slice(0, 120)} ${call.occurrence} ${given.run}`,
      },
    })
    if (isRefused(outcome)) given.onRefused(outcome.refused)
  }
}
