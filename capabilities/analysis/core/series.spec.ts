import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { planeAt } from '../../../solvers/density/plane.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { openHistory } from './history.ts'
import { FIRST_DAY, makeUpHistory } from './made-up-history.ts'
import {
  findSeries,
  incidentsOf,
  mapNearRepeats,
  SERIES_RULES,
  type CategoryIncidents,
  type IncidentSeries,
} from './series.ts'

const DAYS = 900
const RARE_ENTRY = 7
type Row = readonly [east: number, north: number, day: number, entry: number]

/** Background without interaction, single repeats by which the map is learned, and the planted series. */
function burglaries(planted: readonly Row[], seed = 1, repeatShare = 0.15): CategoryIncidents {
  const chance = seededChance(seed)
  const rows: Row[] = [...planted]
  for (let n = 0; n < 2500; n++) {
    const row: Row = [chance.next() * 8000, chance.next() * 8000, chance.below(DAYS), chance.below(6)]
    rows.push(row)
    if (chance.next() < repeatShare)
      rows.push([row[0] + 40 * chance.next(), row[1], row[2] + chance.below(7), row[3]])
  }
  rows.sort((a, b) => a[2] - b[2])
  return {
    category: 'burglary',
    plane: planeAt({ lon: 113.6, lat: 34.1 }),
    row: Int32Array.from(rows.keys()),
    east: Float64Array.from(rows, ([east]) => east),
    north: Float64Array.from(rows, ([, north]) => north),
    day: Int32Array.from(rows, ([, , day]) => day),
    circumstances: { names: ['entry'], values: [Int32Array.from(rows, ([, , , entry]) => entry)] },
  }
}

/** Four burglaries by one way of entry that nobody else uses. */
const PLANTED: Row[] = [
  [4000, 4000, 850, RARE_ENTRY],
  [4030, 4010, 855, RARE_ENTRY],
  [4010, 4050, 857, RARE_ENTRY],
  [4060, 4020, 860, RARE_ENTRY],
]
const at = (incidents: CategoryIncidents, atDay: number): IncidentSeries[] =>
  findSeries(incidents, mapNearRepeats(incidents, SERIES_RULES, seededChance(1)), SERIES_RULES, atDay)
const isPlanted = (incidents: CategoryIncidents, { rows }: IncidentSeries) =>
  rows.some((row) => incidents.circumstances.values[0]![row] === RARE_ENTRY)

describe('series', () => {
  it('finds a planted series whole and nothing else in it', () => {
    const incidents = burglaries(PLANTED)
    const found = at(incidents, 862).filter((series) => isPlanted(incidents, series))
    expect(found).toHaveLength(1)
    expect(found[0]!.rows.map((row) => incidents.circumstances.values[0]![row])).toEqual(
      PLANTED.map(() => RARE_ENTRY),
    )
    expect(found[0]!.chance).toBeLessThan(SERIES_RULES.greatestChance)
    expect(found[0]!.usual).toBeLessThan(1)
    expect(found[0]!.radiusMetres).toBeLessThan(60)
  })

  it('says of each link how near, how soon, and what speaks for it', () => {
    const incidents = burglaries(PLANTED)
    const { links, rows } = at(incidents, 862).find((series) => isPlanted(incidents, series))!
    expect(links).toHaveLength(rows.length - 1)
    for (const link of links) {
      expect(link.distanceMetres).toBeLessThanOrEqual(100)
      expect(link.daysBetween).toBeLessThan(7)
      expect(link.timesChance).toBeGreaterThan(1)
      expect(link.circumstances.map(({ name, agrees }) => [name, agrees])).toEqual([['entry', true]])
      expect(link.circumstances[0]!.timesAsLikely).toBeGreaterThan(10)
      expect(link.belief).toBeGreaterThan(0.9)
    }
  })

  it('takes a difference in the circumstances as speaking against, enough to break a link', () => {
    const loose = { ...SERIES_RULES, leastIncidents: 2, greatestChance: 1 }
    const linksAt = (incidents: CategoryIncidents) =>
      findSeries(incidents, mapNearRepeats(incidents, loose, seededChance(1)), loose, 862).flatMap(
        ({ links }) => links,
      )
    const links = linksAt(burglaries(PLANTED))
    for (const { circumstances } of links)
      for (const { agrees, timesAsLikely } of circumstances) expect(timesAsLikely > 1).toBe(agrees)
    const disagreeing = links.filter(({ circumstances }) => !circumstances[0]!.agrees)
    expect(disagreeing.length).toBeLessThan(links.length / 10)
  })

  it('is growing while incidents come, open when they pause, closed when none could be linked any more', () => {
    const incidents = burglaries(PLANTED)
    const stateAt = (day: number) => at(incidents, day).find((series) => isPlanted(incidents, series))
    expect(stateAt(861)!.state).toBe('growing')
    expect(stateAt(868)!.state).not.toBe('growing')
    const closing = stateAt(862)!
    expect(closing.closesInDays).toBeGreaterThan(0)
    const closesAt = 862 + closing.closesInDays
    expect(stateAt(closesAt - 1)!.state).toBe('open')
    expect(stateAt(closesAt)).toMatchObject({ state: 'closed', closesInDays: 0 })
  })

  it('never sees the future', () => {
    const incidents = burglaries(PLANTED)
    const map = mapNearRepeats(incidents, SERIES_RULES, seededChance(1))
    const without = burglaries(PLANTED)
    for (let e = 0; e < without.day.length; e++) if (without.day[e]! >= 858) without.east[e]! += 999
    expect(findSeries(without, map, SERIES_RULES, 858)).toEqual(findSeries(incidents, map, SERIES_RULES, 858))
  })

  it('puts no incident into two series, and keeps within reach of the middle', () => {
    const incidents = burglaries(PLANTED, 3, 0.5)
    const loose = { ...SERIES_RULES, leastIncidents: 2, greatestChance: 1 }
    const map = mapNearRepeats(incidents, loose, seededChance(1))
    const series = findSeries(incidents, map, loose, DAYS)
    const rows = series.flatMap((each) => each.rows)
    expect(series.length).toBeGreaterThan(100)
    expect(new Set(rows).size).toBe(rows.length)
    for (const each of series) {
      expect(each.radiusMetres).toBeLessThanOrEqual(2 * 400)
      expect(each.rows.map((row) => incidents.day[row]!)).toEqual(
        each.rows.map((row) => incidents.day[row]!).toSorted((a, b) => a - b),
      )
    }
  })

  it('finds next to none where place and time have nothing to do with each other', () => {
    let found = 0
    for (let seed = 1; seed <= 10; seed++) found += at(burglaries([], seed, 0), DAYS).length
    expect(found).toBeLessThanOrEqual(2)
  })

  it('reads a history by category, with the band of the hour as a circumstance where it is known', () => {
    const history = openHistory(makeUpHistory({ incidents: 3000, days: 400, seed: 2 }), ORIGINS)
    const incidents = incidentsOf(history, 'burglary', FIRST_DAY + 100, FIRST_DAY + 300)
    expect(incidents.row.length).toBeGreaterThan(100)
    expect(incidents.circumstances.names).toEqual(['hour-band'])
    incidents.row.forEach((row, e) => {
      expect(history.categories[history.category[row]!]).toBe('burglary')
      expect(incidents.day[e]).toBe(Math.floor(history.day[row]!))
      expect(incidents.circumstances.values[0]![e]! >= 0).toBe(history.hourKnown[row] === 1)
    })
    expect(incidentsOf(history, 'unheard of', 0, Infinity).row).toHaveLength(0)
  })

  it('has nothing to say of an empty history', () => {
    const none = incidentsOf(
      openHistory(makeUpHistory({ incidents: 0, days: 1, seed: 1 }), ORIGINS),
      'theft',
      0,
      1,
    )
    expect(at(none, 1)).toEqual([])
  })
})
