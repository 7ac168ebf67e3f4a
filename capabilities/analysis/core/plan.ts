import type { Position } from '../../../foundation/core/geo.ts'
import { countRange } from '../../../solvers/density/negative-binomial.ts'
import type { Disc } from '../../../solvers/density/cover.ts'
import { pointsWithin } from '../../../solvers/density/points.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import {
  chooseStops,
  openForecaster,
  type Expected,
  type FittedForecast,
  type Forecaster,
} from './forecast.ts'
import type { IncidentHistory } from './history.ts'
import { heapsOf } from './quality.ts'

export interface PlanQuestion {
  /** The wall clock as days since 1970-01-01; nothing from it on is known. */
  readonly fromDay: number
  readonly toDay: number
  readonly stopCount: number
  readonly discRadiusMetres: number
}

/** A place where patrol should stand in a stretch of time, what it can expect there, and why. */
export interface PlannedStop {
  readonly rank: number
  readonly position: Position
  /** Expected incidents within the stop that no stop before it holds, with the range that holds nine counts in ten. */
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly memory: readonly MemoryShare[]
  /** The past incidents that weigh most, the heaviest first. */
  readonly incidents: readonly IncidentShare[]
  readonly rhythm: RhythmShare
  /** Set where the stop stands on a place that a person should look at: perhaps a station's own address. */
  readonly busyPlace: Position | null
}

/** How much of a stop's expectation comes from which memory; shares sum to 1. */
export interface MemoryShare {
  readonly kind: 'incidents' | 'incident-days' | 'around'
  readonly timeConstantDays: number
  /** Null for a place's own incidents. */
  readonly spreadMetres: number | null
  readonly share: number
}

export interface IncidentShare {
  readonly day: number
  readonly category: string
  readonly position: Position
  /** Of the stop's expectation. */
  readonly share: number
}

export interface RhythmShare {
  /** Of a week's incidents at this stop, how many fall into the stretch. */
  readonly shareOfWeek: number
  /** The same if all hours were alike. */
  readonly evenShare: number
  /** Share of each slot of the week, Monday's first. */
  readonly profile: readonly number[]
}

export interface Plan {
  readonly stops: readonly PlannedStop[]
  readonly expected: number
  readonly low: number
  readonly high: number
}

const TAIL = 0.05
const SHOWN_INCIDENTS = 12

/** The stops for one stretch of time, each with its range and its reasons. Same history and question, same plan. */
export function planStops(history: IncidentHistory, fitted: FittedForecast, question: PlanQuestion): Plan {
  return planStretches(history, fitted, [question])[0]!
}

/** Plans for several stretches, such as the shifts of a day, in order of time. Nothing from a stretch's start on is known to it. */
export function planStretches(
  history: IncidentHistory,
  fitted: FittedForecast,
  questions: readonly PlanQuestion[],
): Plan[] {
  const forecaster = openForecaster(history, fitted)
  const busy = new Set(heapsOf(history, questions[0]?.fromDay ?? 0).map(({ place }) => place))
  return questions.map((question) => planWith(history, fitted, forecaster, busy, question))
}

function planWith(
  history: IncidentHistory,
  fitted: FittedForecast,
  forecaster: Forecaster,
  busy: ReadonlySet<number>,
  question: PlanQuestion,
): Plan {
  const expected = forecaster.expectedAt(question.fromDay, question.toDay)
  const discs = chooseStops(expected, question.stopCount, question.discRadiusMetres)
  const { dispersion } = fitted.model
  const places = placesOfStops(expected, discs, question.discRadiusMetres)
  const incidents = incidentShares(history, fitted, forecaster, expected, places)
  const stops = discs.map((disc, n): PlannedStop => {
    const busyPlace = places[n]!.find((place) => busy.has(place))
    return {
      rank: n + 1,
      position: positionOn(history.plane, disc.east, disc.north),
      expected: disc.gain,
      ...countRange(disc.gain, dispersion, TAIL),
      memory: memoryShares(fitted, forecaster, expected, places[n]!),
      incidents: incidents[n]!,
      rhythm: rhythmShare(forecaster, expected, places[n]!),
      busyPlace: busyPlace === undefined ? null : placePosition(history, busyPlace),
    }
  })
  const sum = discs.reduce((total, { gain }) => total + gain, 0)
  // Stops vary independently around their own means: variances add.
  const squares = discs.reduce((total, { gain }) => total + gain * gain, 0)
  return {
    stops,
    expected: sum,
    ...countRange(sum, sum > 0 ? (dispersion * squares) / (sum * sum) : 0, TAIL),
  }
}

/** The places in each disc that no disc before it holds. */
function placesOfStops(expected: Expected, discs: readonly Disc[], radius: number): number[][] {
  const taken = new Uint8Array(expected.count.length)
  const found = new Int32Array(expected.count.length)
  return discs.map(({ east, north }) => {
    const near = pointsWithin(expected.index, east, north, radius, found)
    const places = Array.from(found.subarray(0, near)).filter((place) => taken[place] === 0)
    for (const place of places) taken[place] = 1
    return places
  })
}

function placePosition({ plane, places }: IncidentHistory, place: number): Position {
  return positionOn(plane, places.east[place]!, places.north[place]!)
}

function memoryShares(
  { model }: FittedForecast,
  { inputs, weightsOf }: Forecaster,
  expected: Expected,
  places: readonly number[],
): MemoryShare[] {
  const { timeConstantsDays, eventDayConstantsDays, spreads } = model.shape
  const sums = new Float64Array(inputs.length)
  for (const place of places) {
    const weights = weightsOf(place)
    for (let k = 0; k < sums.length; k++)
      sums[k]! += weights[k]! * inputs[k]![place]! * expected.weekShare[place]!
  }
  const total = sums.reduce((sum, each) => sum + each, 0)
  const scales = [...timeConstantsDays, ...eventDayConstantsDays]
  return [...sums]
    .map((sum, k): MemoryShare => {
      const spread = spreads[k - scales.length]
      return {
        kind: spread ? 'around' : k < timeConstantsDays.length ? 'incidents' : 'incident-days',
        timeConstantDays: scales[spread ? spread.of : k]!,
        spreadMetres: spread?.metres ?? null,
        share: total > 0 ? sum / total : 0,
      }
    })
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
}

/** Each incident at a stop's places weighs what the weights make of its age. What reaches them from around is left out. */
function incidentShares(
  history: IncidentHistory,
  { model, subject, lagDays }: FittedForecast,
  { weightsOf }: Forecaster,
  expected: Expected,
  stops: readonly (readonly number[])[],
): IncidentShare[][] {
  const { timeConstantsDays, eventDayConstantsDays } = model.shape
  const stopOf = new Map<number, number>()
  stops.forEach((places, stop) => places.forEach((place) => stopOf.set(place, stop)))
  const totals = stops.map((places) => places.reduce((sum, place) => sum + expected.count[place]!, 0))
  const isCounted = history.categories.map(
    (name) => subject.categories === null || subject.categories.includes(name),
  )
  const lastDay = new Map<number, number>()
  const shares: { i: number; share: number }[][] = stops.map(() => [])
  for (let i = 0; i < history.day.length && history.day[i]! < expected.fromDay - lagDays; i++) {
    const place = history.place[i]!
    const stop = stopOf.get(place)
    if (stop === undefined || !isCounted[history.category[i]!]) continue
    const weights = weightsOf(place)
    const age = expected.fromDay - history.day[i]!
    let perDay = 0
    timeConstantsDays.forEach((days, k) => (perDay += weights[k]! * Math.exp(-age / days)))
    if (lastDay.get(place) !== Math.floor(history.day[i]!))
      eventDayConstantsDays.forEach(
        (days, k) => (perDay += weights[timeConstantsDays.length + k]! * Math.exp(-age / days)),
      )
    lastDay.set(place, Math.floor(history.day[i]!))
    const share = totals[stop]! > 0 ? (perDay * 7 * expected.weekShare[place]!) / totals[stop]! : 0
    shares[stop]!.push({ i, share })
  }
  return shares.map((ofStop) =>
    ofStop
      .sort((a, b) => b.share - a.share || b.i - a.i)
      .slice(0, SHOWN_INCIDENTS)
      .map(({ i, share }) => ({
        day: history.day[i]!,
        category: history.categories[history.category[i]!]!,
        position: placePosition(history, history.place[i]!),
        share,
      })),
  )
}

/** Of the stop's heaviest place, which stands for it. */
function rhythmShare({ rhythm }: Forecaster, expected: Expected, places: readonly number[]): RhythmShare {
  const heaviest = places.reduce<number | null>(
    (best, place) => (best === null || expected.count[place]! > expected.count[best]! ? place : best),
    null,
  )
  return {
    shareOfWeek: heaviest === null ? 0 : expected.weekShare[heaviest]!,
    evenShare: (expected.toDay - expected.fromDay) / 7,
    profile: heaviest === null ? [] : [...rhythm.profileOf(heaviest)],
  }
}
