import { indexPoints, type PointIndex } from '../../../solvers/density/points.ts'
import { placeDiscs, type Disc } from '../../../solvers/density/cover.ts'
import { createMemory, type EventStream, type MemoryShape } from '../../../solvers/density/memory.ts'
import {
  expectedPerDay,
  fitIntensity,
  stratumOf,
  type IntensityModel,
} from '../../../solvers/density/intensity.ts'
import {
  createRhythm,
  fitRhythm,
  slotWeights,
  type Rhythm,
  type RhythmShrinkage,
} from '../../../solvers/density/rhythm.ts'
import type { IncidentHistory } from './history.ts'
import { heapsOf } from './quality.ts'

/** Which incidents a forecast counts. `categories: null` counts all. */
export interface ForecastSubject {
  readonly name: string
  readonly categories: readonly string[] | null
}

/** The fitted forecast of one subject. It is data: it can be stored, shown and used again. */
export interface FittedForecast {
  readonly subject: ForecastSubject
  readonly model: IntensityModel
  readonly rhythm: RhythmShrinkage
  /** Heaps of what a geocoder could not find: no stop is put there. */
  readonly leftOutPlaces: readonly number[]
  /** How long after it happened an incident is known. */
  readonly lagDays: number
}

/** Expected incidents in a stretch of time at each place known before it. */
export interface Expected {
  readonly fromDay: number
  readonly toDay: number
  readonly index: PointIndex
  readonly count: Float64Array
  /** How many weeks' incidents the stretch holds at each place: for a shift, the share of a week that falls into it. */
  readonly weekShare: Float64Array
}

/** docs/decisions/0009 says what each part was measured to give. */
const SHAPE: MemoryShape = {
  timeConstantsDays: [10, 40, 150, 500, 2000],
  eventDayConstantsDays: [40, 150, 500, 2000],
  spreads: [
    { metres: 60, of: 6 },
    { metres: 60, of: 8 },
    { metres: 200, of: 8 },
  ],
  latticeMetres: 50,
}
/** Busy and quiet places are told apart by their 500-day sum. */
const STRATUM_INPUT = 3
const STRATUM_SHARES = [0.3, 0.6, 0.8, 0.9, 0.96]
const WINDOW_DAYS = 7
const FIT_EVERY_DAYS = 14
const FIT_OVER_DAYS = 728
/** Fewer incidents than this in all windows say nothing about weights. */
const LEAST_EVENTS = 200
/** Shifts of eight hours. */
export const RHYTHM = { slots: 21, aroundMetres: 300 }
const RHYTHM_FIT_DAYS = 364
/** For a history too short to learn weights from: each place goes on as in its last months. */
const UNFITTED: IntensityModel = {
  shape: { timeConstantsDays: [150], eventDayConstantsDays: [], spreads: [], latticeMetres: 50 },
  stratumInput: 0,
  limits: [],
  weights: [Float64Array.of(1 / 150)],
  dispersion: 1,
  events: 0,
}
/** Points are searched in squares of a stop's radius. */
const BUCKET_METRES = 85
/**
 * Discs are placed a little smaller than they are scored: a disc of 84.6 m has the area of a cell of 150 m, and nobody's
 * way of measuring on a round earth (0.3 % apart at most) may take a point from its edge.
 */
export const PLACING_SHARE = 84.6 / 85

export function streamOf(
  history: IncidentHistory,
  subject: ForecastSubject,
): EventStream & { readonly hasHour: Uint8Array } {
  const counts = history.categories.map(
    (name) => subject.categories === null || subject.categories.includes(name),
  )
  return {
    day: history.day,
    place: history.place,
    isCounted: Uint8Array.from(history.category, (category) => (counts[category] ? 1 : 0)),
    hasHour: history.hourKnown,
  }
}

/** Fits a forecast on windows before `untilDay`; nothing after it is looked at. */
export function fitForecast(
  history: IncidentHistory,
  subject: ForecastSubject,
  untilDay: number,
  lagDays = 0,
): FittedForecast {
  const stream = streamOf(history, subject)
  const first = history.day[0] ?? untilDay
  const starts: number[] = []
  for (let back = 0; back <= FIT_OVER_DAYS; back += FIT_EVERY_DAYS) {
    const start = untilDay - WINDOW_DAYS - back
    if (start > first + WINDOW_DAYS) starts.unshift(start)
  }
  const model = fitIntensity(stream, history.places, {
    shape: SHAPE,
    stratumInput: STRATUM_INPUT,
    stratumShares: STRATUM_SHARES,
    windowStarts: starts,
    windowDays: WINDOW_DAYS,
    lagDays,
  })
  return {
    subject,
    model: model.events >= LEAST_EVENTS ? model : UNFITTED,
    rhythm: fitRhythm(stream, history.places, RHYTHM, untilDay - RHYTHM_FIT_DAYS, untilDay),
    leftOutPlaces: heapsOf(history, untilDay)
      .filter(({ isHeap }) => isHeap)
      .map(({ place }) => place),
    lagDays,
  }
}

/** A forecast that moves through time: each moment is not before the last. */
export interface Forecaster {
  expectedAt(fromDay: number, toDay: number): Expected
  /** What each place remembers at the moment asked last, one array an input of the model. */
  readonly inputs: readonly Float64Array[]
  /** Incidents a day per unit of each input, for one place at that moment. */
  weightsOf(place: number): Float64Array
  readonly rhythm: Rhythm
}

export function openForecaster(history: IncidentHistory, fitted: FittedForecast): Forecaster {
  const { model } = fitted
  const stream = streamOf(history, fitted.subject)
  const memory = createMemory(stream, history.places, model.shape)
  const rhythm = createRhythm(stream, history.places, RHYTHM, fitted.rhythm)
  const perDay = new Float64Array(history.places.east.length)
  const share = new Float64Array(history.places.east.length)
  return {
    inputs: memory.inputs,
    rhythm,
    weightsOf: (place) => model.weights[stratumOf(model.limits, memory.inputs[model.stratumInput]![place]!)]!,
    expectedAt(fromDay, toDay) {
      memory.learnUntil(fromDay - fitted.lagDays)
      rhythm.learnUntil(fromDay - fitted.lagDays)
      const known = memory.known()
      expectedPerDay(model, memory.inputsAt(fromDay), known, perDay)
      for (const place of fitted.leftOutPlaces) perDay[place] = 0
      shareOfWeeks(rhythm, fromDay, toDay, known, share)
      const { east, north } = history.places
      return {
        fromDay,
        toDay,
        index: indexPoints(east.subarray(0, known), north.subarray(0, known), BUCKET_METRES),
        count: perDay.slice(0, known).map((each, p) => each * 7 * share[p]!),
        weekShare: share.slice(0, known),
      }
    },
  }
}

function shareOfWeeks(rhythm: Rhythm, from: number, to: number, known: number, into: Float64Array): void {
  const weeks = Math.floor((to - from) / 7 + 1e-9)
  const rest = from + weeks * 7
  if (to - rest > 1e-9) rhythm.sharesIn(slotWeights(rest, to, RHYTHM.slots), known, into)
  else into.fill(0, 0, known)
  for (let p = 0; p < known; p++) into[p]! += weeks
}

/** Places up to `count` stops where together most is expected. */
export function chooseStops(expected: Expected, count: number, discRadiusMetres: number): Disc[] {
  return placeDiscs(expected.index, expected.count, count, discRadiusMetres * PLACING_SHARE)
}
