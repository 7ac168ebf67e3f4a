import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toIso } from '../../../../foundation/core/instant.ts'
import { drawMinuteOfDay, GENERATED_HOUR_PROFILE, hourProfile } from './hour-profile.ts'
import { checkColumns, checkTypeCodes, isMapping, readMapping, type CallMapping } from './mapping.ts'
import { callReader, isRejection, settleHour, type ReadCall } from './read-call.ts'
import { zoneClock } from './when.ts'

const NOW = Date.UTC(2026, 10, 24)
const HEADER = ['id', 'when', 'kind', 'lon', 'lat', 'note']

const json = (over: Record<string, unknown> = {}) => ({
  source: 'test',
  key: { column: 'id' },
  time: { column: 'when', zone: 'Asia/Shanghai' },
  place: { lon: 'lon', lat: 'lat' },
  type: { column: 'kind', table: { theft: '0110' }, otherwise: null },
  ...over,
})

function mapping(over: Record<string, unknown> = {}): CallMapping {
  const read = readMapping(json(over))
  if (!isMapping(read)) throw new Error(JSON.stringify(read))
  return read
}

const readRow = (cells: readonly string[], over: Record<string, unknown> = {}, header = HEADER) =>
  callReader(mapping(over), header, { now: NOW, isInArea: null })(cells)

const GOOD = ['7', '2026-08-01 13:05', 'theft', '113.6', '34.1', 'x']
const causeOf = (outcome: ReturnType<typeof readRow>) => (isRejection(outcome) ? outcome.rejected : null)

describe('mapping', () => {
  it('names each fault with the path to it', () => {
    const faults = readMapping({
      key: { column: 'a', natural: ['b'] },
      time: { column: 'when', zone: 'Mars/Base', format: 'HH:mm' },
      place: { x: 'x', y: 'y' },
      type: { colum: 'kind' },
      extra: 1,
    })
    expect(isMapping(faults)).toBe(false)
    expect(
      (faults as { path: string; cause: string }[]).map(({ path, cause }) => `${path}: ${cause}`),
    ).toEqual([
      'extra: unknown-field',
      'source: missing',
      'key: needs-one-key',
      'time.format: unknown-time-format',
      'time.zone: unknown-time-zone',
      'place: needs-epsg-or-proj4',
      'type.colum: unknown-field',
      'type.column: missing',
    ])
  })

  it('takes no circumstance whose code could be a name or a sentence', () => {
    const faults = readMapping(
      json({
        facts: {
          entry: { column: 'note', table: { 翻窗: 'window', 张三撬门: '张三', 撬锁: 'by a lock pick' } },
          suspect: { column: 'note', table: {} },
        },
      }),
    )
    expect(
      (faults as { path: string; cause: string }[]).map(({ path, cause }) => `${path}: ${cause}`),
    ).toEqual([
      'facts.suspect: unknown-field',
      'facts.entry.table.张三撬门: not-a-code',
      'facts.entry.table.撬锁: not-a-code',
    ])
  })

  it('names the column of a circumstance that the file has not', () => {
    const read = mapping({ facts: { object: { column: 'loot', table: {} } } })
    expect(checkColumns(read, HEADER).map(({ path }) => path)).toEqual(['facts.object.column'])
  })

  it('does not throw, whatever the JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readMapping(value)))
    fc.assert(
      fc.property(
        fc.record({
          source: fc.jsonValue(),
          key: fc.jsonValue(),
          time: fc.jsonValue(),
          place: fc.jsonValue(),
          type: fc.jsonValue(),
          origin: fc.jsonValue(),
          format: fc.jsonValue(),
        }),
        (value) => void readMapping(value),
      ),
    )
  })

  it('finds columns that the file lacks and codes that the dictionary lacks', () => {
    expect(checkColumns(mapping(), ['id', 'kind', 'lon', 'lat'])).toMatchObject([
      { path: 'time.column', cause: 'column-not-in-file', value: 'when' },
    ])
    expect(checkTypeCodes(mapping(), new Set(['0101']))).toMatchObject([
      { path: 'type.table.theft', cause: 'type-not-in-dictionary' },
    ])
  })

  it('refuses an EPSG code that is not known, unless it comes with its PROJ definition', () => {
    expect(readMapping(json({ place: { x: 'lon', y: 'lat', epsg: 27700 } }))).toMatchObject([
      { path: 'place.epsg', cause: 'unknown-epsg' },
    ])
    expect(
      isMapping(
        readMapping(
          json({
            place: {
              x: 'lon',
              y: 'lat',
              epsg: 27700,
              proj4:
                '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m',
            },
          }),
        ),
      ),
    ).toBe(true)
  })
})

describe('circumstances of a row', () => {
  const facts = { entry: { column: 'note', table: { 翻窗: 'window' } } }
  const factsOf = (cells: readonly string[]) => (readRow(cells, { facts }) as ReadCall).facts

  it('are the codes of its values, and nothing that has no code', () => {
    expect(factsOf([...GOOD.slice(0, 5), ' 翻窗 '])).toEqual({ entry: 'window' })
    expect(factsOf([...GOOD.slice(0, 5), '见嫌疑人李四翻窗'])).toBeNull()
    expect(factsOf([...GOOD.slice(0, 5), 'toString'])).toBeNull()
  })

  it('are none where the mapping names none', () => {
    expect((readRow(GOOD) as ReadCall).facts).toBeNull()
  })
})

describe('reading a call', () => {
  it('takes a good row', () => {
    const call = readRow(GOOD) as ReadCall
    expect(call).toMatchObject({
      key: '7',
      typeCode: '0110',
      typeKnown: true,
      origin: 'citizen',
      lon: 113.6,
      lat: 34.1,
    })
    expect(call.when.kind === 'moment' && toIso(call.when.at)).toBe('2026-08-01T05:05:00.000Z')
  })

  it('keeps no column that the mapping does not name: it may be about a person', () => {
    const header = [...HEADER, 'caller_name', 'caller_phone']
    const row = [...GOOD, '张三', '13800000000']
    expect(readRow(row, {}, header)).toMatchObject({ raw: {} })
    expect(JSON.stringify(readRow(row, { keep: ['note'] }, header))).not.toMatch(/张三|13800000000/)
    expect(readRow(row, { keep: ['note'] }, header)).toMatchObject({ raw: { note: 'x' } })
  })

  it.each([
    ['column-count', GOOD.slice(0, 4)],
    ['column-count', [...GOOD, 'more']],
    ['bad-encoding', ['7', '2026-08-01 13:05', 'th\ufffdft', '113.6', '34.1', '']],
    ['missing-key', ['', '2026-08-01 13:05', 'theft', '113.6', '34.1', '']],
    ['key-too-long', ['7'.repeat(501), '2026-08-01 13:05', 'theft', '113.6', '34.1', '']],
    ['missing-time', ['7', ' ', 'theft', '113.6', '34.1', '']],
    ['bad-time', ['7', '01/08/2026', 'theft', '113.6', '34.1', '']],
    ['future-time', ['7', '2027-08-01 13:05', 'theft', '113.6', '34.1', '']],
    ['missing-place', ['7', '2026-08-01 13:05', 'theft', '', '34.1', '']],
    ['bad-place', ['7', '2026-08-01 13:05', 'theft', 'east', '34.1', '']],
    ['bad-place', ['7', '2026-08-01 13:05', 'theft', '34.1', '113.6', '']],
    ['null-island', ['7', '2026-08-01 13:05', 'theft', '0', '0.0', '']],
    ['missing-type', ['7', '2026-08-01 13:05', '', '113.6', '34.1', '']],
    ['unknown-type', ['7', '2026-08-01 13:05', 'jaywalk', '113.6', '34.1', '']],
  ])('rejects with %s', (cause, cells) => {
    expect(causeOf(readRow(cells))).toBe(cause)
  })

  it('rejects a place outside the district', () => {
    const read = callReader(mapping(), HEADER, { now: NOW, isInArea: ({ lon }) => lon < 113 })
    expect(causeOf(read(GOOD))).toBe('outside-area')
  })

  it('projects state plane feet of EPSG 2913 to where the file itself says', () => {
    const header = ['id', 'when', 'kind', 'x_ft', 'y_ft']
    const call = readRow(
      ['1', '2016-08-01', 'theft', '7680926', '675659'],
      { place: { x: 'x_ft', y: 'y_ft', epsg: 2913 } },
      header,
    ) as ReadCall
    expect(call.lon).toBeCloseTo(-122.53293, 4)
    expect(call.lat).toBeCloseTo(45.50196, 4)
  })

  it('reads places in one column, in either order', () => {
    const header = ['id', 'when', 'kind', 'place']
    const point = readRow(
      ['1', '2016-08-01', 'theft', 'POINT (113.6 34.1)'],
      { place: { column: 'place' } },
      header,
    )
    const pair = readRow(
      ['1', '2016-08-01', 'theft', '(34.1, 113.6)'],
      { place: { column: 'place', order: 'lat-lon' } },
      header,
    )
    expect(point).toMatchObject({ lon: 113.6, lat: 34.1 })
    expect(pair).toMatchObject({ lon: 113.6, lat: 34.1 })
  })

  it('turns GCJ-02 into WGS-84', () => {
    const call = readRow(GOOD, { place: { lon: 'lon', lat: 'lat', system: 'gcj-02' } }) as ReadCall
    expect(Math.abs(call.lon - 113.6)).toBeGreaterThan(0.003)
  })

  it('takes the words of the call where no table knows the type', () => {
    const header = ['id', 'when', 'kind', 'lon', 'lat', 'words']
    const over = { type: { column: 'kind', wording: 'words', otherwise: '0999' } }
    expect(
      readRow(['1', '2016-08-01', 'X1', '113.6', '34.1', 'ASSAULT - WITH WEAPON *H'], over, header),
    ).toMatchObject({ typeCode: '0106', circumstances: ['weapon'] })
    expect(readRow(['1', '2016-08-01', 'X1', '113.6', '34.1', 'FROBNICATION'], over, header)).toMatchObject({
      typeCode: '0999',
      typeKnown: false,
    })
  })

  it('takes unknown clocks and dates without a clock as dates, or rejects them where the mapping says so', () => {
    const time = { column: 'when', zone: 'America/Chicago', unknownClocks: ['00:00', '00:01'] }
    expect(readRow(['1', '2008-01-01T00:01', 'theft', '-90.2', '38.6', ''], { time })).toMatchObject({
      when: { kind: 'date' },
    })
    expect(readRow(['1', '2008-01-01T00:02', 'theft', '-90.2', '38.6', ''], { time })).toMatchObject({
      when: { kind: 'moment' },
    })
    expect(
      causeOf(
        readRow(['1', '2008-01-01', 'theft', '-90.2', '38.6', ''], { time: { ...time, dateOnly: 'reject' } }),
      ),
    ).toBe('no-hour')
  })

  it('joins a date and a clock from two columns', () => {
    const header = ['id', 'day', 'clock', 'kind', 'lon', 'lat']
    const time = { column: 'day', clockColumn: 'clock', zone: 'UTC' }
    const call = readRow(['1', '2016-08-01', '07:30', 'theft', '1', '2'], { time }, header) as ReadCall
    expect(call.when).toEqual({ kind: 'moment', at: Date.UTC(2016, 7, 1, 7, 30), localHour: 7 })
    expect(readRow(['1', '2016-08-01', '', 'theft', '1', '2'], { time }, header)).toMatchObject({
      when: { kind: 'date' },
    })
    expect(causeOf(readRow(['1', '2016-08-01', '7 o clock', 'theft', '1', '2'], { time }, header))).toBe(
      'bad-time',
    )
  })

  it('takes or rejects every row, and never throws', () => {
    const read = callReader(
      mapping({ type: { column: 'kind', wording: 'note', otherwise: '0999' } }),
      HEADER,
      { now: NOW, isInArea: null },
    )
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.double().map(String),
      fc.constantFrom('', '2016-08-01', '113.6', '34.1', 'theft'),
    )
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 8 }), (cells) => {
        const outcome = read(cells)
        expect(
          isRejection(outcome) ||
            (Number.isFinite(outcome.lon) && Math.abs(outcome.lat) <= 90 && outcome.key !== ''),
        ).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('drawn hours', () => {
  const drawing = { profile: GENERATED_HOUR_PROFILE, seed: 1, momentOf: zoneClock('America/Los_Angeles') }
  const call = {
    key: 'k',
    when: { kind: 'date' as const, clock: { year: 2016, month: 8, day: 1, hour: 0, minute: 0, second: 0 } },
  }

  it('are the same each time for the same seed, key and occurrence, and others for the next occurrence', () => {
    expect(settleHour(call, 1, drawing)).toEqual(settleHour(call, 1, drawing))
    expect(settleHour(call, 1, drawing)).not.toEqual(settleHour(call, 2, drawing))
    expect(settleHour(call, 1, drawing)).not.toEqual(settleHour(call, 1, { ...drawing, seed: 2 }))
  })

  it('stay on the date and say that they are drawn', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(50), (key, occurrence) => {
        const { occurredAt, hourDrawn } = settleHour({ ...call, key }, occurrence, drawing)
        expect(hourDrawn).toBe(true)
        expect(occurredAt).toBeGreaterThanOrEqual(Date.UTC(2016, 7, 1, 7))
        expect(occurredAt).toBeLessThan(Date.UTC(2016, 7, 2, 7))
      }),
    )
  })

  it('follow the profile', () => {
    const profile = hourProfile([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0])!
    const hours = Array.from({ length: 4000 }, (_, i) =>
      Math.floor(drawMinuteOfDay(profile, 1, `key ${i}`, 1) / 60),
    )
    expect(new Set(hours)).toEqual(new Set([6, 18]))
    expect(hours.filter((hour) => hour === 18).length / 4000).toBeCloseTo(0.75, 1)
  })

  it('refuses a profile that is none', () => {
    expect(hourProfile([1, 2])).toBeNull()
    expect(hourProfile(Array.from({ length: 24 }, () => 0))).toBeNull()
  })
})
