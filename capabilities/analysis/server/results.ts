import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { createHash } from 'node:crypto'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { AREA_KINDS, type Area, type AreaKind, type KeyPlace } from '../../place/core/index.ts'
import { inThread } from '../../../foundation/server/in-thread.ts'
import {
  answerResults,
  LONGEST_PERIOD_DAYS,
  periodOf,
  type Period,
  type PeriodChoice,
  type ResultAnswer,
  type ResultJob,
  type ResultOutcome,
  type ResultPlace,
} from '../core/index.ts'
import type { SharedHistory } from './shared-history.ts'

/** A place as it is named in the table. */
export interface NamedPlace extends ResultPlace {
  readonly kind: 'district' | AreaKind | 'key-place'
  /** Empty for the district, which each language names itself. */
  readonly name: string
}

export interface ResultNeeds {
  readonly history: SharedHistory
  timeZone(): string
  /** The district first, then areas by kind, then key places. */
  listPlaces(): Promise<readonly NamedPlace[]>
}

/** The district, its areas and its key places, in the order in which they are shown. */
export function resultPlaces(areas: readonly Area[], keyPlaces: readonly KeyPlace[]): NamedPlace[] {
  const ofArea = ({ id, kind, name, ring }: Area): NamedPlace => {
    return { id: `area:${id}`, kind, name, shape: { of: 'ring', ring } }
  }
  const ofKeyPlace = ({ id, name, lon, lat, radiusMetres }: KeyPlace): NamedPlace => ({
    id: `key-place:${id}`,
    kind: 'key-place',
    name,
    shape: { of: 'disc', centre: { lon, lat }, radiusMetres },
  })
  return [
    { id: 'district', kind: 'district', name: '', shape: { of: 'district' } },
    ...AREA_KINDS.flatMap((kind) => areas.filter((area) => area.kind === kind).map(ofArea)),
    ...keyPlaces.map(ofKeyPlace),
  ]
}

/** What somebody asks: rows are places, categories, or each category at each place. */
export interface ResultsQuestion {
  readonly period: PeriodChoice
  readonly by: 'place' | 'category' | 'both'
  readonly placeId: string | null
  readonly category: string | null
  readonly chosenOnBaseline: boolean
  readonly withDetail: boolean
}

export interface ResultsAnswered {
  readonly answer: ResultAnswer
  readonly places: readonly NamedPlace[]
}

export interface Results {
  answer(question: ResultsQuestion, now: Instant): Promise<ResultsAnswered | Refusal>
  close(): void
}

const MEMORY_MEGABYTES = 1_024
const LONGEST_MILLISECONDS = 120_000
const ANSWERS_KEPT = 60

/** Answers in a thread, one at a time, and keeps each answer as long as the history stays as it is. */
export function openResults(needs: ResultNeeds): Results {
  const closing = new AbortController()
  const kept = new Map<string, Promise<ResultOutcome>>()
  let last: Promise<unknown> = Promise.resolve()

  function compute(job: ResultJob): Promise<ResultOutcome> {
    const mine = last.then(() => {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_MILLISECONDS)])
      return inThread({
        ...{ besideUrl: import.meta.url, script: './result-thread', memoryMegabytes: MEMORY_MEGABYTES },
        ...{ job, signal, here: answerResults },
      })
    })
    last = mine.catch(() => {})
    return mine
  }

  return {
    async answer(question, now) {
      const asked = periodOf(question.period)
      if (asked === null)
        return refuse('results-period-invalid', { field: 'from', detail: { days: LONGEST_PERIOD_DAYS } })
      const all = await needs.listPlaces()
      const places = placesFor(question, all)
      if (places.length === 0) return refuse('not-found', { detail: { placeId: question.placeId ?? '' } })
      if (asked.fromDay >= findDayNumber(localDate(now, needs.timeZone()))!) return notBegun(asked)
      const { version, incidents } = await needs.history.read(now)
      const timeZone = needs.timeZone()
      const job: Omit<ResultJob, 'incidents'> = {
        timeZone,
        now,
        asked,
        places: places.map(({ id, shape }) => ({ id, shape })),
        category: question.by === 'place' ? question.category : 'each',
        chosenOnBaseline: question.chosenOnBaseline,
        withDetail: question.withDetail,
      }
      const key = createHash('sha256')
        .update(JSON.stringify([version, { ...job, now: 0 }]))
        .digest('base64url')
      const answer = await remembered(kept, key, () => compute({ ...job, incidents }))
      if (!('none' in answer)) return { answer, places }
      return answer.none === 'no-history' ? refuse('results-without-history') : notBegun(asked)
    },
    close: () => closing.abort(new Error('the server is stopping')),
  }
}

/** Of today nothing is known yet: the first day of a period counts when it is over. */
const notBegun = ({ fromDay }: Period): Refusal =>
  refuse('results-period-not-begun', { field: 'from', detail: { from: dateOfDay(fromDay) } })

function placesFor({ by, placeId }: ResultsQuestion, all: readonly NamedPlace[]): readonly NamedPlace[] {
  if (placeId !== null) return all.filter(({ id }) => id === placeId)
  return by === 'category' ? all.filter(({ kind }) => kind === 'district') : all
}

/** The last answers, the one asked for longest ago forgotten first. A failure is not kept. */
function remembered<T>(kept: Map<string, Promise<T>>, key: string, compute: () => Promise<T>): Promise<T> {
  const known = kept.get(key) ?? compute()
  kept.delete(key)
  kept.set(key, known)
  known.catch(() => kept.delete(key))
  if (kept.size > ANSWERS_KEPT) kept.delete(kept.keys().next().value!)
  return known
}
