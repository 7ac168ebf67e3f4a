import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '../../../../foundation/core/outcome.ts'
import type { Database } from '../../../../foundation/server/db.ts'
import { freshDatabase, type TestDatabase } from '../../../../tests/database.ts'
import { GENERATED_HOUR_PROFILE } from '../../core/import/hour-profile.ts'
import { isMapping, readMapping, type CallMapping } from '../../core/import/mapping.ts'
import { countHours, importCalls, type ImportOptions, type ImportSummary } from './import-calls.ts'
import { loadPreset, PRESETS } from './presets.ts'
import { guessEncoding } from './read-file.ts'
import { listHistory, listSources } from './store.ts'

const NOW = Date.UTC(2026, 10, 24)
let testDatabase: TestDatabase
let database: Database
const folder = mkdtempSync(join(tmpdir(), 'xunfang-import-'))

beforeAll(async () => {
  testDatabase = await freshDatabase()
  database = testDatabase.open()
})
afterAll(async () => {
  await testDatabase.drop()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  await database.pool.query('delete from incident_history')
  await database.pool.query('delete from incident_import')
})

function mapping(over: Record<string, unknown> = {}): CallMapping {
  const read = readMapping({
    source: 'test',
    key: { column: 'id' },
    time: { column: 'when', zone: 'Asia/Shanghai' },
    place: { lon: 'lon', lat: 'lat' },
    type: { column: 'kind', table: { theft: '0110', 盗窃: '0110' } },
    address: 'where',
    ...over,
  })
  if (!isMapping(read)) throw new Error(JSON.stringify(read))
  return read
}

let files = 0
function write(content: string | Buffer): string {
  const path = join(folder, `calls-${++files}.csv`)
  writeFileSync(path, content)
  return path
}

const options = (path: string, over: Partial<ImportOptions> = {}): ImportOptions => ({
  path,
  mapping: mapping(),
  now: NOW,
  isInArea: null,
  hours: { profile: GENERATED_HOUR_PROFILE, seed: 1 },
  rejectPath: null,
  dryRun: false,
  ...over,
})

async function run(path: string, over: Partial<ImportOptions> = {}): Promise<ImportSummary> {
  const outcome = await importCalls(database.pool, options(path, over))
  if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome))
  return outcome
}

const HEADER = 'id,when,kind,lon,lat,where\n'
const row = (id: string | number, over: { when?: string; where?: string; lon?: string } = {}) =>
  `${id},${over.when ?? '2026-08-01 13:05'},theft,${over.lon ?? '113.6'},34.1,${over.where ?? ''}\n`
const stored = async () =>
  listHistory(database.pool, { from: 0, until: NOW, source: null, after: null, limit: 100_000 })

describe('calls-for-service import', () => {
  it('keeps the codes of circumstances, and null where there is none', async () => {
    const facts = { entry: { column: 'where', table: { 翻窗: 'window' } } }
    await run(write(HEADER + row(1, { where: '翻窗' }) + row(2, { where: '李四家' })), {
      mapping: mapping({ facts, address: undefined }),
    })
    expect((await stored()).map((call) => call.facts)).toEqual([{ entry: 'window' }, null])
  })

  it('adds each call once, however often the file comes', async () => {
    const path = write(HEADER + row(1) + row(2) + row(3))
    expect(await run(path)).toMatchObject({ rows: 3, accepted: 3, duplicates: 0, rejectedTotal: 0 })
    expect(await run(path)).toMatchObject({ rows: 3, accepted: 0, duplicates: 3 })
    expect(await run(write(HEADER + row(3) + row(4) + row(4)))).toMatchObject({ accepted: 1, duplicates: 2 })
    expect((await stored()).map(({ externalId }) => externalId)).toEqual(['1', '2', '3', '4'])
  })

  it('takes equal rows as different calls where the mapping says so, across batches and imports', async () => {
    const natural = mapping({ key: { natural: ['when', 'kind', 'lon', 'lat'], repeats: 'keep' } })
    const path = write(HEADER + row('') + row('') + row('', { lon: '113.7' }) + row('') + row(''))
    const over = { mapping: natural, batchRows: 2 }
    expect(await run(path, over)).toMatchObject({ accepted: 5, duplicates: 0 })
    expect(await run(path, over)).toMatchObject({ accepted: 0, duplicates: 5 })
    expect((await stored()).map(({ occurrence }) => occurrence).sort()).toEqual([1, 1, 2, 3, 4])
  })

  it('takes equal rows as one call where the mapping says so', async () => {
    const natural = mapping({ key: { natural: ['when', 'kind', 'lon', 'lat'] } })
    expect(
      await run(write(HEADER + row('') + row('') + row('')), { mapping: natural, batchRows: 2 }),
    ).toMatchObject({ accepted: 1, duplicates: 2 })
  })

  it('reads gzip, byte order marks, GB18030 and UTF-16, whatever the name of the file', async () => {
    const utf8 = HEADER + row(1, { where: '人民路12号' })
    // «人民路12号» in GB18030.
    const gb = Buffer.concat([
      Buffer.from(HEADER + '2,2026-08-01 13:05,theft,113.6,34.1,'),
      Buffer.from('c8cbc3f1c2b73132bac5', 'hex'),
      Buffer.from('\n'),
    ])
    for (const content of [
      gzipSync(utf8),
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(utf8.replace('1,', '3,'))]),
      gb,
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(utf8.replace('1,', '4,'), 'utf16le')]),
    ])
      expect(await run(write(content))).toMatchObject({ accepted: 1 })
    expect((await stored()).map(({ address }) => address)).toEqual(Array(4).fill('人民路12号'))
  })

  it('does not take one damaged line of a UTF-8 file for another encoding', () => {
    const lines = Array.from({ length: 20 }, () => '人民路与解放路交叉口\n').join('')
    expect(guessEncoding(Buffer.concat([Buffer.from(lines), Buffer.from([0xe4, 0xba, 0x0a])]))).toBe('utf-8')
    expect(guessEncoding(Buffer.from('plain\n'))).toBeNull()
  })

  it('reports every rejected row by line and cause, in a file that a spreadsheet opens', async () => {
    const rejectPath = join(folder, 'rejects.csv')
    const path = write(
      `${HEADER}${row(1)}2,,theft,113.6,34.1,\n"3,2026-08-01 13:05,theft,113.6,34.1,x\n${row(4, { lon: '0' }).replace('34.1', '0')}5,too,few\n${row(6)}`,
    )
    const summary = await run(path, { rejectPath })
    expect(summary).toMatchObject({
      rows: 6,
      accepted: 2,
      rejected: { 'missing-time': 1, 'unclosed-quote': 1, 'null-island': 1, 'column-count': 1 },
    })
    const lines = readFileSync(rejectPath, 'utf8').split('\n')
    expect(lines[0]).toBe('\ufeffline,cause,column,value,id,when,kind,lon,lat,where')
    expect(lines.slice(1, -1).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      '3 missing-time',
      '4 unclosed-quote',
      '5 null-island',
      '6 column-count',
    ])
  })

  it('goes on where it broke, and the reject file with it', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => (i % 10 === 3 ? `${i},,theft,113.6,34.1,\n` : row(i)))
    const path = write(HEADER + lines.join(''))
    const rejectPath = join(folder, 'resumed.csv')
    let batches = 0
    const broken = importCalls(
      database.pool,
      options(path, {
        batchRows: 20,
        rejectPath,
        onProgress: () => {
          if (++batches === 3) throw new Error('power cut')
        },
      }),
    )
    await expect(broken).rejects.toThrow('power cut')
    expect(await stored()).toHaveLength(54)
    const summary = await run(path, { batchRows: 20, rejectPath })
    expect(summary).toMatchObject({ resumedAfterLine: 61, rows: 100, accepted: 90, rejectedTotal: 10 })
    expect(await stored()).toHaveLength(90)
    expect(readFileSync(rejectPath, 'utf8').trim().split('\n')).toHaveLength(11)
    expect(statSync(rejectPath).mode & 0o777).toBe(0o600)
  })

  it('stores only the columns that the mapping names, and those to keep', async () => {
    const header = 'id,when,kind,lon,lat,where,caller,beat\n'
    const path = write(`${header}1,2026-08-01 13:05,theft,113.6,34.1,路口,张三 13800000000,B7\n`)
    await run(path, { mapping: mapping({ keep: ['beat'] }) })
    const { rows } = await database.pool.query<{ all: string; raw: unknown }>(
      'select row_to_json(call)::text as all, raw from incident_history call',
    )
    expect(rows).toMatchObject([{ raw: { beat: 'B7' } }])
    expect(rows[0]!.all).toContain('路口')
    expect(rows[0]!.all).not.toMatch(/张三|13800000000/)
  })

  it('keeps nothing of a dry run, and tells the same', async () => {
    const path = write(HEADER + row(1) + row(1) + row(2, { when: 'never' }))
    const over = { mapping: mapping({ key: { column: 'id' } }) }
    const rehearsed = await run(path, { ...over, dryRun: true })
    expect(rehearsed).toMatchObject({ accepted: 1, duplicates: 1, rejected: { 'bad-time': 1 } })
    expect(await stored()).toHaveLength(0)
    expect(await run(path, over)).toMatchObject({ accepted: 1, duplicates: 1, rejected: { 'bad-time': 1 } })
  })

  it('draws the hour of a date without one, flags it, and draws the same again', async () => {
    const path = write(HEADER + row(1, { when: '2026-08-01' }) + row(2))
    expect(await run(path)).toMatchObject({ hoursDrawn: 1 })
    const first = await stored()
    await database.pool.query('delete from incident_history')
    await run(path)
    expect((await stored()).map(({ occurredAt, hourDrawn }) => [occurredAt, hourDrawn])).toEqual(
      first.map(({ occurredAt, hourDrawn }) => [occurredAt, hourDrawn]),
    )
    expect(first.map(({ hourDrawn }) => hourDrawn).sort()).toEqual([false, true])
  })

  it('refuses what is no such file, by name of the fault', async () => {
    const outcome = async (path: string, over: Partial<ImportOptions> = {}) =>
      ((await importCalls(database.pool, options(path, over))) as { refused?: string }).refused
    expect(await outcome(join(folder, 'none.csv'))).toBe('file-not-found')
    expect(await outcome(folder)).toBe('file-is-folder')
    expect(await outcome(write(''))).toBe('file-empty')
    expect(await outcome(write('PK\u0003\u0004'))).toBe('file-is-zip')
    expect(await outcome(write(gzipSync(HEADER + row(1).repeat(5000)).subarray(0, 200)))).toBe('file-damaged')
    expect(await importCalls(database.pool, options(write('id,kind,lon,lat\n1,theft,1,2\n')))).toMatchObject({
      refused: 'mapping-does-not-fit',
      faults: [{ path: 'time.column', cause: 'column-not-in-file' }, { path: 'address' }],
    })
  })

  it('accepts, counts as duplicate or rejects every row exactly once', async () => {
    const cell = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('2026-08-01 13:05', '113.6', '34.1', 'theft', '', '7') },
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    )
    const good = fc.nat(30).map((id) => row(id))
    const wild = fc
      .array(cell, { minLength: 1, maxLength: 8 })
      .map((cells) => `${cells.map((each) => each.replace(/["\r\n]/g, '')).join(',')}\n`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(good, wild), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (lines, batchRows) => {
          await database.pool.query('delete from incident_history')
          const rows = lines.filter((line) => line !== '\n').length
          const path = write(HEADER + lines.join(''))
          const first = await run(path, { batchRows })
          expect(first.accepted + first.duplicates + first.rejectedTotal).toBe(rows)
          expect(await stored()).toHaveLength(first.accepted)
          const again = await run(path, { batchRows })
          expect(again).toMatchObject({
            accepted: 0,
            duplicates: first.accepted + first.duplicates,
            rejectedTotal: first.rejectedTotal,
          })
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('presets', () => {
  it.each(PRESETS)('%s is a valid mapping', (name) => {
    expect(isMapping(loadPreset(name))).toBe(true)
  })
})

const DATA = '../shared/data'
const PORTLAND = `${DATA}/portland/calls-2016-08-to-10.csv.gz`
const STLOUIS = `${DATA}/stlouis/incidents-2008-2018.csv.gz`
const preset = (name: (typeof PRESETS)[number]) => loadPreset(name) as CallMapping

describe.skipIf(!existsSync(PORTLAND))('real calls (skipped where ../shared/data is absent)', () => {
  it('reads the Portland file: one damaged row by number and cause, all others accepted', async () => {
    const rejectPath = join(folder, 'portland.csv')
    const summary = await run(PORTLAND, { mapping: preset('portland'), rejectPath })
    expect(summary).toMatchObject({
      rows: 55_509,
      accepted: 55_508,
      duplicates: 0,
      rejected: { 'missing-time': 1 },
      hoursDrawn: 55_508,
    })
    expect(readFileSync(rejectPath, 'utf8').split('\n')[1]).toMatch(/^2,missing-time,occ_date,/)
    expect(await run(PORTLAND, { mapping: preset('portland') })).toMatchObject({
      accepted: 0,
      duplicates: 55_508,
    })
    const [source] = await listSources(database.pool)
    expect(source).toMatchObject({ source: 'portland-calls', count: 55_508, hoursDrawn: 55_508 })
  })

  it('finds the hours of the St. Louis file, unknown ones left out', async () => {
    const counts = (await countHours(STLOUIS, preset('stlouis'))) as number[]
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(550_000)
    expect(counts[18]!).toBeGreaterThan(3 * counts[5]!)
    expect(counts[0]!).toBeLessThan(27_586)
  })
})
