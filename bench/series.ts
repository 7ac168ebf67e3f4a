import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  findDaySeries,
  findSeries,
  incidentsOf,
  mapNearRepeats,
  openHistory,
  openHistoryByRow,
  SERIES_RULES,
  watchDay,
  type CategoryIncidents,
} from '../capabilities/analysis/core/index.ts'
import { FIRST_DAY, makeUpHistory } from '../capabilities/analysis/core/made-up-history.ts'
import { ORIGINS } from '../capabilities/incident/core/index.ts'
import { seededChance } from '../foundation/core/chance.ts'
import { projectRoot } from '../foundation/server/migrate.ts'
import { knoxTest } from '../solvers/interaction/knox.ts'
import { readStLouis, ST_LOUIS, type StLouis } from './analysis/st-louis.ts'
import { loadRow, timed, type Row } from './product/figures.ts'

/**
 * Series: the Knox counts against the reference, the near-repeat ratios of the categories, how many series chance alone
 * would have shown, and what half a million incidents cost. Real data is left out, saying so, where it is not.
 */
const LARGE = { incidents: 577_191, days: 4_000, seed: 7, metres: 18_000 }
const REFERENCE = '../shared/data/chicago-burglary'
const CATEGORIES = ['burglary', 'vehicle_theft', 'robbery', 'larceny']
/** 2016-01-01 and 2018-01-01: two years to learn from, and the year after. */
const LEARN_FROM = 16_801
const LEARN_UNTIL = 17_532
const LOOK_UNTIL = 17_897

export async function measure(): Promise<Row[]> {
  return [
    loadRow(),
    ...measureReference(),
    ...(await measureSpeed()),
    ...(await measureDay()),
    ...measureMadeUp(),
    ...measureStLouis(),
  ]
}

function measureReference(): Row[] {
  const folder = join(projectRoot(), REFERENCE)
  if (!existsSync(join(folder, 'knox_oracle.json')))
    return [{ measure: 'Knox counts', value: null, unit: '', note: `${REFERENCE} is not here: left out` }]
  const oracle = JSON.parse(readFileSync(join(folder, 'knox_oracle.json'), 'utf8')) as {
    observed: number[][]
  }
  const rows = gunzipSync(readFileSync(join(folder, 'chicago_be.csv.gz')))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .filter((cells) => !cells.includes('NA'))
  const events = {
    east: Float64Array.from(rows, ([x]) => Number(x)),
    north: Float64Array.from(rows, ([, y]) => Number(y)),
    day: Int32Array.from(rows, ([, , date]) => Date.parse(date!) / 86_400_000),
  }
  const map = knoxTest(events, SERIES_RULES.bands, { permutations: 0, chance: seededChance(1) })
  const unlike = map.cells
    .flat()
    .filter(({ observed }, cell) => observed !== oracle.observed.flat()[cell]).length
  return [
    {
      measure: 'Chicago burglary: Knox cells that differ from the reference',
      value: unlike,
      unit: 'of 20',
      target: '0',
      reached: unlike === 0,
      note: `${rows.length.toLocaleString('en')} incidents`,
    },
  ]
}

async function measureSpeed(): Promise<Row[]> {
  const history = openHistory(makeUpHistory(LARGE), ORIGINS)
  const events = {
    east: history.day.map((_, i) => history.places.east[history.place[i]!]!),
    north: history.day.map((_, i) => history.places.north[history.place[i]!]!),
    day: Int32Array.from(history.day, Math.floor),
  }
  const once = await timed(() =>
    knoxTest(events, SERIES_RULES.bands, { permutations: 0, chance: seededChance(1) }),
  )
  const tenTimes = await timed(() =>
    knoxTest(events, SERIES_RULES.bands, { permutations: 10, chance: seededChance(1) }),
  )
  return [
    {
      measure: '577,191 incidents: Knox counts and expectation',
      value: once.milliseconds / 1000,
      unit: 's',
      note: `${((tenTimes.milliseconds - once.milliseconds) / 10_000).toFixed(2)} s a permutation`,
    },
  ]
}

const DAY_LOAD = { incidents: 630_000, days: 4_000, seed: 7, metres: 18_000 }
/** As many kinds as a district's dictionary has, dealt out by chance: none of them repeats. */
const KINDS = 40
const DISTRICT = { incidents: 45_000, days: 760, metres: 9_000 }
const DISTRICTS = 20

/** What a day's search for series costs, and how many a district would be shown in which nothing repeats. */
async function measureDay(): Promise<Row[]> {
  const large = openHistoryByRow(makeUpHistory(DAY_LOAD), ORIGINS)
  const until = FIRST_DAY + DAY_LOAD.days
  const { milliseconds, gave } = await timed(() => findDaySeries(large.history, large.row, until))
  const watching = await timed(() => watchDay(large.history, [], until, 85))
  let [shown, districts] = [0, 0]
  for (let seed = 1; seed <= DISTRICTS; seed++) {
    const chance = seededChance(seed)
    const columns = makeUpHistory({ ...DISTRICT, seed })
    const { history, row } = openHistoryByRow(
      {
        ...columns,
        category: columns.category.map(() => chance.below(KINDS)),
        categories: Array.from({ length: KINDS }, (_, n) => `kind ${n}`),
      },
      ORIGINS,
    )
    const { series } = findDaySeries(history, row, FIRST_DAY + DISTRICT.days)
    shown += series.length
    if (series.length > 0) districts++
  }
  return [
    {
      measure: '630,000 incidents: series of a day',
      value: milliseconds / 1000,
      unit: 's',
      target: '≤ 5',
      reached: milliseconds <= 5_000,
      note: `${gave.knox.map(({ permutations }) => permutations).join(', ')} permutations; warnings of the district ${(watching.milliseconds / 1000).toFixed(2)} s`,
    },
    {
      measure: `${KINDS} kinds of which none repeats: series shown on a day`,
      value: shown / DISTRICTS,
      unit: '',
      note: `in ${districts} of ${DISTRICTS} districts of ${DISTRICT.incidents.toLocaleString('en')} incidents`,
    },
  ]
}

function measureMadeUp(): Row[] {
  const history = openHistory(
    makeUpHistory({ incidents: 40_000, days: 1096, seed: 3, metres: 10_000 }),
    ORIGINS,
  )
  return ['burglary', 'theft'].flatMap((category) =>
    seriesRows(
      `generated ${category}${category === 'burglary' ? ' (one in six repeated)' : ' (none repeated)'}`,
      incidentsOf(history, category, FIRST_DAY, FIRST_DAY + 1096),
      FIRST_DAY + 731,
      FIRST_DAY + 1096,
    ),
  )
}

function measureStLouis(): Row[] {
  const read = readStLouis()
  if (read === null)
    return [{ measure: 'St. Louis series', value: null, unit: '', note: `${ST_LOUIS} is not here: left out` }]
  return CATEGORIES.flatMap((category) =>
    seriesRows(`St. Louis ${category}`, incidentsOfStLouis(read, category), LEARN_UNTIL, LOOK_UNTIL),
  )
}

/** Circumstances are what the description says of way and target, and the band of the hour. */
function incidentsOfStLouis(read: StLouis, category: string): CategoryIncidents {
  const row = Int32Array.from(read.day.keys()).filter(
    (i) => read.category[i] === category && read.day[i]! >= LEARN_FROM && read.day[i]! < LOOK_UNTIL,
  )
  const numberOf = new Map<string, number>()
  return {
    category,
    plane: read.plane,
    row,
    east: Float64Array.from(row, (i) => read.east[i]!),
    north: Float64Array.from(row, (i) => read.north[i]!),
    day: row.map((i) => read.day[i]!),
    circumstances: {
      names: ['way', 'hour-band'],
      values: [
        row.map((i) => {
          const way = read.description[i]!
          if (!numberOf.has(way)) numberOf.set(way, numberOf.size)
          return numberOf.get(way)!
        }),
        row.map((i) => (read.hour[i]! < 0 ? -1 : Math.floor(read.hour[i]! / 6))),
      ],
    },
  }
}

/** The map is learned before `learnUntil`; series that begin after it are counted, and so are those of shuffled days. */
function seriesRows(name: string, incidents: CategoryIncidents, learnUntil: number, until: number): Row[] {
  const learned = incidents.day.findIndex((day) => day >= learnUntil)
  const map = mapNearRepeats(firstOf(incidents, learned), SERIES_RULES, seededChance(1))
  const same = map.cells[0]![0]!
  const near = map.cells[1]![0]!
  const seriesIn = (of: CategoryIncidents) =>
    findSeries(of, map, SERIES_RULES, until).filter(({ firstDay }) => firstDay >= learnUntil)
  const found = seriesIn(incidents)
  const shuffles = 5
  let byChance = 0
  for (let seed = 0; seed < shuffles; seed++)
    byChance += seriesIn(withShuffledDays(incidents, learnUntil, seed)).length / shuffles
  const held = found.reduce((sum, { rows }) => sum + rows.length, 0)
  return [
    {
      measure: `${name}: same place within a week`,
      value: same.ratio,
      unit: '× chance',
      note: `p ${same.p.toFixed(2)}; to 100 m ${near.ratio?.toFixed(2)} × (p ${near.p.toFixed(2)}); ${learned.toLocaleString('en')} incidents`,
    },
    {
      measure: `${name}: series in the year after`,
      value: found.length,
      unit: 'series',
      note: `${byChance.toFixed(1)} with shuffled days; ${held} incidents in them, longest ${Math.max(0, ...found.map(({ rows }) => rows.length))}`,
    },
  ]
}

function firstOf(incidents: CategoryIncidents, count: number): CategoryIncidents {
  return {
    ...incidents,
    row: incidents.row.subarray(0, count),
    east: incidents.east.subarray(0, count),
    north: incidents.north.subarray(0, count),
    day: incidents.day.subarray(0, count),
  }
}

/** The same places and the same days, dealt out anew within what is learned from and within what is looked at. */
function withShuffledDays(incidents: CategoryIncidents, learnUntil: number, seed: number): CategoryIncidents {
  const chance = seededChance(seed)
  const split = incidents.day.findIndex((day) => day >= learnUntil)
  const order = Array.from(incidents.row.keys())
  for (const [from, until] of [
    [0, split],
    [split, order.length],
  ] as const)
    for (let k = until - 1; k > from; k--) {
      const other = from + chance.below(k + 1 - from)
      ;[order[k], order[other]] = [order[other]!, order[k]!]
    }
  return {
    ...incidents,
    east: Float64Array.from(order, (e) => incidents.east[e]!),
    north: Float64Array.from(order, (e) => incidents.north[e]!),
  }
}
