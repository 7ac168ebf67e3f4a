import { seededChance } from '../../../foundation/core/chance.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import { placeDiscs } from '../../../solvers/density/cover.ts'
import { indexPoints, pointsWithin } from '../../../solvers/density/points.ts'
import { latticeOver, type Lattice } from '../../../solvers/density/lattice.ts'
import {
  cellsNear,
  rankCells,
  type DensitySetting,
  type RankedCells,
} from '../../../solvers/density/ranked-cells.ts'
import { pairedRatio, type Interval } from '../../../solvers/resampling/paired-bootstrap.ts'
import { chooseStops, fitForecast, openForecaster, streamOf, type ForecastSubject } from './forecast.ts'
import { calibrate, type CalibrationBin, type Expectation } from './calibration.ts'
import type { IncidentHistory } from './history.ts'

export const METHODS = ['xunfang', 'decayed-grid-150', 'last-year'] as const
export type Method = (typeof METHODS)[number]

/** Lengths of what a set of stops is for, in days. */
export const HORIZONS = { '8h': 1 / 3, '1d': 1, '7d': 7 } as const
export type Horizon = keyof typeof HORIZONS

export interface BackTestOptions {
  readonly subjects: readonly ForecastSubject[]
  readonly horizons: readonly Horizon[]
  readonly stopCounts: readonly number[]
  readonly discRadiusMetres: number
  /** Tuning and fitting see nothing from this day on. */
  readonly trainUntilDay: number
  readonly testFromDay: number
  readonly testToDay: number
  readonly lagDays: number
  readonly seed: number
  readonly onProgress?: (share: number, what: string) => void
}

export type Stop = Position | { readonly ring: readonly (readonly [number, number])[] }

/** One method's stops for one period, and what came. */
export interface PeriodResult {
  readonly method: Method
  readonly category: string
  readonly horizon: Horizon
  readonly stopCount: number
  readonly fromDay: number
  readonly toDay: number
  /** Empty for numbers of stops that were not asked for and only stand for a share of the area. */
  readonly stops: readonly Stop[]
  readonly caught: number
  readonly incidents: number
  /** What the method expected its stops to catch; null where it does not say. */
  readonly expected: number | null
  /** The most that stops of the same kind could have caught, chosen afterwards. */
  readonly caughtAtBest: number
}

export interface SummaryRow {
  readonly method: Method
  readonly category: string
  readonly horizon: Horizon
  readonly stopCount: number
  /** Share of the district's area that the stops cover. */
  readonly areaShare: number
  readonly periods: number
  readonly incidents: number
  readonly caught: number
  readonly caughtPerStop: number
  readonly hitRate: number
  /** Null where fewer than ten incidents were caught or to be expected by area. */
  readonly pai: number | null
  readonly pei: number | null
  /** Against the tuned decayed grid, in the same periods at as many stops. */
  readonly ratioToGrid: Interval | null
  readonly expectedPerCaught: number | null
}

export interface BackTest {
  readonly area: DistrictArea
  readonly tuned: readonly {
    readonly category: string
    readonly horizon: Horizon
    readonly setting: DensitySetting
  }[]
  readonly periods: readonly PeriodResult[]
  /** Of our stops, at the greatest number asked for. */
  readonly calibration: readonly {
    readonly category: string
    readonly horizon: Horizon
    readonly bins: readonly CalibrationBin[]
  }[]
  readonly summary: readonly SummaryRow[]
}

export interface DistrictArea {
  readonly cells: number
  readonly cellMetres: number
  readonly squareMetres: number
  /** Stops at each share of the area. */
  readonly stopsAtShare: readonly { readonly share: number; readonly stops: number }[]
}

export const CELL_METRES = 150
/** Area for the protocol: cells whose centre lies within so far of any earlier incident. */
const AREA_REACH_METRES = 250
export const AREA_SHARES = [0.0025, 0.01, 0.02, 0.05] as const
const TUNING_DAYS = 364
const TUNED_DEVIATIONS_METRES = [0, 50, 75, 110, 150, 220]
const TUNED_TIME_CONSTANTS_DAYS = [15, 30, 60, 120, 250, 500, 1000, 2000]
const YEAR_DAYS = 365
const LEAST_FOR_PAI = 10

/** Runs our stops, the tuned decayed grid and last year's counts over the same periods. Nothing sees what comes after. */
export function backTest(history: IncidentHistory, options: BackTestOptions): BackTest {
  const { trainUntilDay } = options
  const knownAtTraining = placesKnownAt(history, trainUntilDay)
  const east = history.places.east.subarray(0, knownAtTraining)
  const north = history.places.north.subarray(0, knownAtTraining)
  const lattice = latticeOver(east, north, CELL_METRES, 2 * AREA_REACH_METRES)
  const inArea = cellsNear(lattice, east, north, AREA_REACH_METRES)
  const area = districtArea(inArea)
  const counts = [...new Set([...options.stopCounts, ...area.stopsAtShare.map(({ stops }) => stops)])].sort(
    (a, b) => a - b,
  )
  const isAsked = (stopCount: number): boolean => options.stopCounts.includes(stopCount)
  const mostAsked = Math.max(...options.stopCounts)
  const cellStops = new Map<number, Stop>()
  const cellStop = (cell: number): Stop => {
    let stop = cellStops.get(cell)
    if (stop === undefined) cellStops.set(cell, (stop = { ring: ringOf(history, lattice, cell) }))
    return stop
  }
  const periods: PeriodResult[] = []
  const tuned: BackTest['tuned'][number][] = []
  const calibration: BackTest['calibration'][number][] = []
  const rounds = options.subjects.length * options.horizons.length
  let round = 0
  for (const subject of options.subjects) {
    const fitted = fitForecast(history, subject, trainUntilDay, options.lagDays)
    for (const horizon of options.horizons) {
      const stream = streamOf(history, subject)
      const open = () =>
        rankCells(stream, history.places, lattice, TUNED_TIME_CONSTANTS_DAYS, (cell) => inArea[cell] === 1)
      const setting = tuneGrid(open(), stream, options, HORIZONS[horizon], counts)
      tuned.push({ category: subject.name, horizon, setting })
      const cells = open()
      const forecaster = openForecaster(history, fitted)
      const begins = periodStarts(options.testFromDay, options.testToDay, HORIZONS[horizon])
      const expectations: Expectation[] = []
      begins.forEach((fromDay, n) => {
        const toDay = Math.min(fromDay + HORIZONS[horizon], options.testToDay)
        const came = countPlaces(history, stream, fromDay, toDay)
        const base = { category: subject.name, horizon, fromDay, toDay, incidents: came.total }
        const expected = forecaster.expectedAt(fromDay, toDay)
        const discs = chooseStops(expected, counts.at(-1)!, options.discRadiusMetres)
        const caught = caughtByDiscs(came, discs, options.discRadiusMetres)
        const best = bestDiscs(came, counts.at(-1)!, options.discRadiusMetres)
        discs.slice(0, mostAsked).forEach(({ gain }, d) => {
          expectations.push({ expected: gain, caught: caught[d]! - (caught[d - 1] ?? 0) })
        })
        const positions = discs
          .slice(0, mostAsked)
          .map((disc) => positionOn(history.plane, disc.east, disc.north))
        let expectedSoFar = 0
        const expectedBy = discs.map(({ gain }) => (expectedSoFar += gain))
        for (const stopCount of counts)
          periods.push({
            ...base,
            method: 'xunfang',
            stopCount,
            stops: isAsked(stopCount) ? positions.slice(0, stopCount) : [],
            caught: caught[Math.min(stopCount, discs.length) - 1] ?? 0,
            expected: expectedBy[Math.min(stopCount, discs.length) - 1] ?? 0,
            caughtAtBest: best[Math.min(stopCount, best.length) - 1] ?? 0,
          })
        cells.learnUntil(fromDay - options.lagDays)
        const grids: [Method, number[]][] = [
          ['decayed-grid-150', cells.byDensity(setting, fromDay, counts.at(-1)!)],
          ['last-year', cells.byCount(YEAR_DAYS, fromDay, counts.at(-1)!)],
        ]
        const perCell = countCells(came, cells)
        const bestCells = [...perCell.values()].sort((a, b) => b - a)
        for (const [method, ranked] of grids)
          for (const stopCount of counts) {
            const taken = ranked.slice(0, stopCount)
            periods.push({
              ...base,
              method,
              stopCount,
              stops: isAsked(stopCount) ? taken.map(cellStop) : [],
              caught: taken.reduce((sum, cell) => sum + (perCell.get(cell) ?? 0), 0),
              expected: null,
              caughtAtBest: bestCells.slice(0, stopCount).reduce((sum, each) => sum + each, 0),
            })
          }
        options.onProgress?.((round + (n + 1) / begins.length) / rounds, `${subject.name} ${horizon}`)
      })
      calibration.push({
        category: subject.name,
        horizon,
        bins: calibrate(expectations, fitted.model.dispersion),
      })
      round++
    }
  }
  return { area, tuned, periods, calibration, summary: summarise(periods, area, options.seed) }
}

function placesKnownAt(history: IncidentHistory, day: number): number {
  let known = 0
  for (let i = 0; i < history.day.length && history.day[i]! < day; i++)
    known = Math.max(known, history.place[i]! + 1)
  return known
}

function districtArea(inArea: Uint8Array): DistrictArea {
  const cells = inArea.reduce((sum, each) => sum + each, 0)
  return {
    cells,
    cellMetres: CELL_METRES,
    squareMetres: cells * CELL_METRES * CELL_METRES,
    stopsAtShare: AREA_SHARES.map((share) => ({ share, stops: Math.max(1, Math.round(share * cells)) })),
  }
}

/** Whole periods only: what is left at the end is no period. */
function periodStarts(from: number, to: number, days: number): number[] {
  const starts: number[] = []
  for (let n = 0; from + (n + 1) * days <= to + 1e-9; n++) starts.push(from + n * days)
  return starts
}

type Stream = ReturnType<typeof streamOf>

/** The setting that caught most over the year before training ended, summed over the numbers of stops. */
function tuneGrid(
  cells: RankedCells,
  stream: Stream,
  { trainUntilDay, lagDays }: BackTestOptions,
  days: number,
  counts: readonly number[],
): DensitySetting {
  const settings = TUNED_TIME_CONSTANTS_DAYS.flatMap((timeConstantDays) =>
    TUNED_DEVIATIONS_METRES.map((deviationMetres) => ({ timeConstantDays, deviationMetres })),
  )
  const scores = settings.map(() => 0)
  // Shorter periods are tuned on every so manieth of them: a setting is not told better by 365 days than by 52.
  const step = Math.max(days, 7)
  for (let from = trainUntilDay - TUNING_DAYS; from + days <= trainUntilDay; from += step) {
    cells.learnUntil(from - lagDays)
    const came = new Map<number, number>()
    for (let e = firstFrom(stream.day, from); e < stream.day.length && stream.day[e]! < from + days; e++) {
      const cell = cells.cellOfPlace[stream.place[e]!]!
      if (stream.isCounted[e] === 1) came.set(cell, (came.get(cell) ?? 0) + 1)
    }
    settings.forEach((setting, s) => {
      const ranked = cells.byDensity(setting, from, counts.at(-1)!)
      ranked.forEach((cell, rank) => {
        const held = counts.filter((count) => rank < count).reduce((sum, count) => sum + 1 / count, 0)
        scores[s]! += (came.get(cell) ?? 0) * held
      })
    })
  }
  return settings[scores.indexOf(Math.max(...scores))]!
}

function firstFrom(days: Float64Array, day: number): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (days[middle]! < day) low = middle + 1
    else high = middle
  }
  return low
}

interface Came {
  readonly total: number
  readonly places: readonly number[]
  readonly counts: readonly number[]
  readonly index: ReturnType<typeof indexPoints>
}

function countPlaces(history: IncidentHistory, stream: Stream, from: number, to: number): Came {
  const perPlace = new Map<number, number>()
  let total = 0
  for (let e = firstFrom(stream.day, from); e < stream.day.length && stream.day[e]! < to; e++) {
    // An incident without an hour belongs to no shift.
    if (stream.isCounted[e] !== 1 || (to - from < 1 - 1e-9 && stream.hasHour[e] !== 1)) continue
    total++
    perPlace.set(stream.place[e]!, (perPlace.get(stream.place[e]!) ?? 0) + 1)
  }
  const places = [...perPlace.keys()]
  return {
    total,
    places,
    counts: [...perPlace.values()],
    index: indexPoints(
      Float64Array.from(places, (p) => history.places.east[p]!),
      Float64Array.from(places, (p) => history.places.north[p]!),
      CELL_METRES,
    ),
  }
}

/** Incidents within the first disc, the first two, the first three …; each counts once however many discs hold it. */
function caughtByDiscs(
  came: Came,
  discs: readonly { east: number; north: number }[],
  radius: number,
): number[] {
  const isCaught = new Uint8Array(came.places.length)
  const found = new Int32Array(came.places.length)
  let caught = 0
  return discs.map(({ east, north }) => {
    const near = pointsWithin(came.index, east, north, radius, found)
    for (let n = 0; n < near; n++) {
      if (isCaught[found[n]!] === 1) continue
      isCaught[found[n]!] = 1
      caught += came.counts[found[n]!]!
    }
    return caught
  })
}

function bestDiscs(came: Came, count: number, radius: number): number[] {
  let caught = 0
  return placeDiscs(came.index, Float64Array.from(came.counts), count, radius).map(
    ({ gain }) => (caught += gain),
  )
}

function countCells(came: Came, cells: RankedCells): Map<number, number> {
  const perCell = new Map<number, number>()
  came.places.forEach((place, n) => {
    const cell = cells.cellOfPlace[place]!
    if (cell >= 0) perCell.set(cell, (perCell.get(cell) ?? 0) + came.counts[n]!)
  })
  return perCell
}

function ringOf(history: IncidentHistory, lattice: Lattice, cell: number): [number, number][] {
  const column = cell % lattice.columns
  const row = (cell - column) / lattice.columns
  return [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ].map(([right, up]) => {
    const { lon, lat } = positionOn(
      history.plane,
      lattice.west + (column + right!) * lattice.cellMetres,
      lattice.south + (row + up!) * lattice.cellMetres,
    )
    return [lon, lat]
  })
}

function summarise(periods: readonly PeriodResult[], area: DistrictArea, seed: number): SummaryRow[] {
  const groups = new Map<string, PeriodResult[]>()
  for (const period of periods) {
    const key = [period.category, period.horizon, period.stopCount, period.method].join('|')
    const group = groups.get(key)
    if (group) group.push(period)
    else groups.set(key, [period])
  }
  return [...groups.values()].map((group) => {
    const { method, category, horizon, stopCount } = group[0]!
    const total = (of: (period: PeriodResult) => number) => group.reduce((sum, period) => sum + of(period), 0)
    const [caught, incidents, best] = [
      total((p) => p.caught),
      total((p) => p.incidents),
      total((p) => p.caughtAtBest),
    ]
    const areaShare = stopCount / area.cells
    const grid = groups.get([category, horizon, stopCount, 'decayed-grid-150'].join('|'))!
    const isEnough = incidents * areaShare >= LEAST_FOR_PAI
    const expected = method === 'xunfang' ? total((p) => p.expected ?? 0) : null
    return {
      method,
      category,
      horizon,
      stopCount,
      areaShare,
      periods: group.length,
      incidents,
      caught,
      caughtPerStop: caught / stopCount / Math.max(1, group.length),
      hitRate: incidents > 0 ? caught / incidents : 0,
      pai: isEnough ? caught / incidents / areaShare : null,
      pei: isEnough && best > 0 ? caught / best : null,
      ratioToGrid:
        method === 'decayed-grid-150'
          ? null
          : pairedRatio(
              group.map((p) => p.caught),
              grid.map((p) => p.caught),
              seededChance(seed),
            ),
      expectedPerCaught: expected === null || caught === 0 ? null : expected / caught,
    }
  })
}
