import { indexPoints, type PointIndex } from '../../../solvers/density/points.ts'
import { placeDiscs, type Disc } from '../../../solvers/density/cover.ts'
import {
  createMemory,
  type EventStream,
  type Memory,
  type MemoryShape,
} from '../../../solvers/density/memory.ts'
import { expectedPerDay, fitIntensity, type IntensityModel } from '../../../solvers/density/intensity.ts'
import type { IncidentHistory } from './history.ts'

/** Which incidents a forecast counts. `categories: null` counts all. */
export interface ForecastSubject {
  readonly name: string
  readonly categories: readonly string[] | null
}

/** The fitted forecast of one subject. It is data: it can be stored, shown and used again. */
export interface FittedForecast {
  readonly subject: ForecastSubject
  readonly model: IntensityModel
  /** How long after it happened an incident is known. */
  readonly lagDays: number
}

/** Expected incidents a day at each place known at a moment. */
export interface Expected {
  readonly day: number
  readonly index: PointIndex
  readonly perDay: Float64Array
}

const SHAPE: MemoryShape = {
  timeConstantsDays: [10, 40, 150, 500, 2000],
  spreads: [
    { metres: 60, timeConstant: 1 },
    { metres: 60, timeConstant: 3 },
    { metres: 60, timeConstant: 4 },
    { metres: 200, timeConstant: 2 },
    { metres: 200, timeConstant: 4 },
  ],
  latticeMetres: 50,
}
/** Busy and quiet places are told apart by their 500-day sum. */
const STRATUM_INPUT = 3
const STRATUM_SHARES = [0.3, 0.6, 0.8]
const WINDOW_DAYS = 7
const FIT_EVERY_DAYS = 14
const FIT_OVER_DAYS = 728
/** Points are searched in squares of a stop's radius. */
const BUCKET_METRES = 85
/**
 * Discs are placed a little smaller than they are scored: a disc of 84.6 m has the area of a cell of 150 m, and nobody's
 * way of measuring on a round earth (0.3 % apart at most) may take a point from its edge.
 */
export const PLACING_SHARE = 84.6 / 85

export function streamOf(history: IncidentHistory, subject: ForecastSubject): EventStream {
  const counts = history.categories.map(
    (name) => subject.categories === null || subject.categories.includes(name),
  )
  return {
    day: history.day,
    place: history.place,
    isCounted: Uint8Array.from(history.category, (category) => (counts[category] ? 1 : 0)),
  }
}

/** Fits a forecast on windows before `untilDay`; nothing after it is looked at. */
export function fitForecast(
  history: IncidentHistory,
  subject: ForecastSubject,
  untilDay: number,
  lagDays = 0,
): FittedForecast {
  const first = history.day[0] ?? untilDay
  const starts: number[] = []
  for (let back = 0; back <= FIT_OVER_DAYS; back += FIT_EVERY_DAYS) {
    const start = untilDay - WINDOW_DAYS - back
    if (start > first + WINDOW_DAYS) starts.unshift(start)
  }
  const model = fitIntensity(streamOf(history, subject), history.places, {
    shape: SHAPE,
    stratumInput: STRATUM_INPUT,
    stratumShares: STRATUM_SHARES,
    windowStarts: starts,
    windowDays: WINDOW_DAYS,
    lagDays,
  })
  return { subject, model, lagDays }
}

/** A forecast that moves through time: each moment is not before the last. */
export interface Forecaster {
  expectedAt(day: number): Expected
  readonly memory: Memory
}

export function openForecaster(history: IncidentHistory, fitted: FittedForecast): Forecaster {
  const memory = createMemory(streamOf(history, fitted.subject), history.places, fitted.model.shape)
  const perDay = new Float64Array(history.places.east.length)
  return {
    memory,
    expectedAt(day) {
      memory.learnUntil(day - fitted.lagDays)
      const known = memory.known()
      expectedPerDay(fitted.model, memory.inputsAt(day), known, perDay)
      const { east, north } = history.places
      return {
        day,
        index: indexPoints(east.subarray(0, known), north.subarray(0, known), BUCKET_METRES),
        perDay: perDay.slice(0, known),
      }
    },
  }
}

/** Places up to `count` stops where together most is expected. */
export function chooseStops(expected: Expected, count: number, discRadiusMetres: number): Disc[] {
  return placeDiscs(expected.index, expected.perDay, count, discRadiusMetres * PLACING_SHARE)
}
