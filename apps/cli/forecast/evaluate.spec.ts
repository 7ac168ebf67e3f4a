import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { distanceMetres, isInsideRing } from '../../../foundation/core/geo.ts'
import { projectRoot } from '../../../foundation/server/migrate.ts'
import {
  FIRST_DAY,
  MADE_UP_CATEGORIES,
  makeUpHistory,
} from '../../../capabilities/analysis/core/made-up-history.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { noteQuality, openHistory } from '../../../capabilities/analysis/core/index.ts'
import { ORIGINS } from '../../../capabilities/incident/core/index.ts'
import { readMapping, type CallMapping } from '../../../capabilities/incident/core/import/mapping.ts'
import { run } from '../run.ts'
import { readIncidents } from './read-incidents.ts'
import { clockOf, dayOf } from './back-test-json.ts'

const folder = mkdtempSync(join(tmpdir(), 'xunfang-forecast-'))
let said: string[] = []
beforeEach(() => {
  said = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const made = makeUpHistory({ incidents: 12_000, days: 900, seed: 21, metres: 3_000 })
const CUT = clockOf(FIRST_DAY + 800).slice(0, 10)
const TO = clockOf(FIRST_DAY + 828).slice(0, 10)

interface Scored {
  readonly discRadiusMetres: number
  readonly periods: readonly {
    readonly method: string
    readonly from: string
    readonly to: string
    readonly category: string
    readonly stopCount: number
    readonly stops: readonly ({ lon: number; lat: number } | { ring: [number, number][] })[]
    readonly caught: number
    readonly incidents: number
  }[]
  readonly summary: readonly {
    readonly method: string
    readonly stopCount: number
    readonly ratioToGrid: { value: number } | null
  }[]
}

function write(name: string, origin: (i: number) => string = () => 'citizen', extra: string[] = []): string {
  const lines = Array.from(made.day.keys(), (i) =>
    [
      i,
      clockOf(made.day[i]!).replace('T', ' '),
      MADE_UP_CATEGORIES[made.category[i]!],
      made.lon[i],
      made.lat[i],
      origin(i),
    ].join(','),
  )
  const path = join(folder, name)
  writeFileSync(path, `id,when,kind,lon,lat,who\n${[...lines, ...extra].join('\n')}\n`)
  return path
}
const MAPPING = join(folder, 'mapping.json')
writeFileSync(
  MAPPING,
  JSON.stringify({
    source: 'made-up',
    key: { column: 'id' },
    time: { column: 'when', zone: 'Asia/Shanghai' },
    place: { lon: 'lon', lat: 'lat' },
    type: { column: 'kind', otherwise: '0999' },
    origin: { column: 'who', table: { patrol: 'patrol' }, otherwise: 'citizen' },
    category: 'kind',
  }),
)
const argumentsFor = (file: string, json: string, ...more: string[]) => [
  'forecast',
  'evaluate',
  '--incidents',
  file,
  '--map',
  MAPPING,
  '--stops',
  '10,20',
  '--disc-radius',
  '85',
  '--horizon',
  '7d',
  '--train-until',
  CUT,
  '--test-from',
  CUT,
  '--test-to',
  TO,
  '--json',
  join(folder, json),
  '--lang',
  'en',
  ...more,
]
const resultOf = (json: string) => JSON.parse(readFileSync(join(folder, json), 'utf8')) as Scored

describe('xunfang forecast evaluate', () => {
  it('lists stops that anyone can score from the file alone', async () => {
    const chart = join(folder, 'chart.svg')
    expect(
      await run(argumentsFor(write('a.csv'), 'a.json', '--category', 'all,theft', '--chart', chart)),
    ).toBe(0)
    const { discRadiusMetres, periods, summary } = resultOf('a.json')
    expect(discRadiusMetres).toBe(85)
    expect(new Set(periods.map(({ method }) => method))).toEqual(
      new Set(['xunfang', 'decayed-grid-150', 'last-year']),
    )
    expect(periods[0]!.from).toBe(`${CUT}T00:00`)
    for (const period of periods) {
      const came = Array.from(made.day.keys()).filter(
        (i) =>
          clockOf(made.day[i]!) >= period.from &&
          clockOf(made.day[i]!) < period.to &&
          (period.category === 'all' || made.category[i] === 0),
      )
      const caught = came.filter((i) => {
        const at = { lon: made.lon[i]!, lat: made.lat[i]! }
        return period.stops.some((stop) =>
          'ring' in stop ? isInsideRing(stop.ring, at) : distanceMetres(stop, at) <= discRadiusMetres,
        )
      })
      expect(period.incidents).toBe(came.length)
      expect(Math.abs(period.caught - caught.length)).toBeLessThanOrEqual(1)
    }
    expect(
      summary.find(({ method, stopCount }) => method === 'xunfang' && stopCount === 20)!.ratioToGrid!.value,
    ).toBeGreaterThan(1)
    expect(readFileSync(chart, 'utf8')).toContain('<svg')
    expect(said.join('\n')).toContain('hit rate')
  })

  it('writes the same bytes again, and the same stops whatever patrol found itself', async () => {
    const file = write('b.csv')
    expect(await run(argumentsFor(file, 'b.json'))).toBe(0)
    expect(await run(argumentsFor(file, 'b2.json'))).toBe(0)
    expect(readFileSync(join(folder, 'b2.json'), 'utf8')).toBe(readFileSync(join(folder, 'b.json'), 'utf8'))
    const found = Array.from({ length: 2000 }, (_, n) =>
      [
        `p${n}`,
        clockOf(FIRST_DAY + 700 + n / 25).replace('T', ' '),
        'theft',
        made.lon[3],
        made.lat[3],
        'patrol',
      ].join(','),
    )
    expect(await run(argumentsFor(write('c.csv', undefined, found), 'c.json'))).toBe(0)
    expect(resultOf('c.json').periods).toEqual(resultOf('b.json').periods)
    expect(said.join('\n')).toContain('2000 found by patrol')
  })

  it('takes bad rows for what they are, and tells them', async () => {
    const bad = [
      'x1,2016-01-01 12:00,theft,,',
      'x2,never,theft,113.6,34.1,citizen',
      'x3,2016-01-01 12:00,theft,0,0,citizen',
    ]
    expect(await run(argumentsFor(write('d.csv', undefined, bad), 'd.json', '--lag-days', '3'))).toBe(0)
    expect(said.join('\n')).toContain('3 rejected')
  })

  it('keeps a file’s own wall clock over a day whose clock changes, and tells of it', async () => {
    const day = [
      '2018-03-10 23:30',
      '2018-03-11 01:30',
      '2018-03-11 03:30',
      '2018-11-04 01:30',
      '2018-11-05 00:30',
    ]
    const path = join(folder, 'clock.csv')
    writeFileSync(
      path,
      `id,when,kind,lon,lat,who\n${day.map((at, n) => `${n},${at},theft,-90.2,38.6,citizen`).join('\n')}\n`,
    )
    const mapping = readMapping({
      ...(JSON.parse(readFileSync(MAPPING, 'utf8')) as object),
      time: { column: 'when', zone: 'America/Chicago' },
    })
    const file = await readIncidents(path, mapping as CallMapping, Date.UTC(2026, 0, 1))
    if (isRefusal(file)) throw new Error(file.refused)
    expect(Array.from(file.columns.day, (at) => clockOf(at).replace('T', ' '))).toEqual(day)
    const notes = noteQuality(file.columns, openHistory(file.columns, ORIGINS), file.clockChangeDays)
    expect(notes).toContainEqual(expect.objectContaining({ finding: 'clock-change-day', count: 3 }))
  })

  it.each([
    ['--horizon', '2d'],
    ['--stops', '0'],
    ['--category', 'arson'],
    ['--disc-radius', 'wide'],
    ['--lag-days', 'x'],
  ])('names the option that is wrong: %s %s', async (...more) => {
    expect(await run(argumentsFor(write('e.csv'), 'e.json', ...more))).toBe(2)
    expect(said.join('\n')).toContain(more[1])
  })

  it('wants the test after the training', async () => {
    expect(await run([...argumentsFor(write('f.csv'), 'f.json'), '--test-from', '2014-02-01'])).toBe(2)
    expect(await run(['forecast', 'evaluate', '--map', MAPPING])).toBe(2)
  })

  it('reads days and minutes of the wall clock, and no days that are none', () => {
    expect(clockOf(dayOf('2018-01-08')!)).toBe('2018-01-08T00:00')
    expect(clockOf(dayOf('2018-01-08T18:30')!)).toBe('2018-01-08T18:30')
    expect(dayOf('2018-02-30')).toBeNull()
    expect(dayOf('8.1.2018')).toBeNull()
  })
})

const CHICAGO = join(projectRoot(), '../shared/data/chicago-assault/incidents-2010-2018.csv.gz')

describe('on real assaults', () => {
  it.skipIf(!existsSync(CHICAGO))(
    `catches more per stop than the tuned grid, counted by other code (skipped where ../shared/data is not)`,
    async () => {
      const json = join(folder, 'chicago.json')
      const args = [
        '--preset',
        'chicago',
        '--train-until',
        '2018-01-01',
        '--test-to',
        '2018-01-29',
        '--stops',
        '232',
      ]
      expect(await run(['forecast', 'evaluate', '--incidents', CHICAGO, ...args, '--json', json])).toBe(0)
      const { periods } = JSON.parse(readFileSync(json, 'utf8')) as Scored
      const rows = gunzipSync(readFileSync(CHICAGO))
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split(','))
        .filter(([date]) => date! >= '2018-01-01' && date! < '2018-01-29')
      const caught = { xunfang: 0, 'decayed-grid-150': 0 } as Record<string, number>
      for (const { method, from, to, stops, stopCount, caught: said } of periods) {
        if (stopCount !== 232 || method === 'last-year') continue
        const counted = rows.filter(([date, , lon, lat]) => {
          const at = { lon: Number(lon), lat: Number(lat) }
          const moment = date!.replace(' ', 'T')
          return (
            moment >= from &&
            moment < to &&
            stops.some((stop) =>
              'ring' in stop ? isInsideRing(stop.ring, at) : distanceMetres(stop, at) <= 85,
            )
          )
        }).length
        expect(Math.abs(counted - said)).toBeLessThanOrEqual(1)
        caught[method]! += counted
      }
      expect(caught['xunfang']! / caught['decayed-grid-150']!).toBeGreaterThan(1.15)
    },
  )
})
