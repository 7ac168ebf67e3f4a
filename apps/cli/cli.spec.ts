import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../foundation/server/db.ts'
import { freshDatabase, type TestDatabase } from '../../tests/database.ts'
import { loadDemonstration } from '../demo/demonstration.ts'
import { readSetting } from '../../foundation/server/settings.ts'
import { DISTRICT_SETTING, HOURS_SETTING } from '../../capabilities/place/core/index.ts'
import { listOfficers, listUnits } from '../../capabilities/force/server/store.ts'
import { listAreas, listSites } from '../../capabilities/place/server/register.store.ts'
import { listSources } from '../../capabilities/incident/server/import/store.ts'
import { momentOf } from './replay.ts'
import { run } from './run.ts'

let testDatabase: TestDatabase
let database: Database
const folder = mkdtempSync(join(tmpdir(), 'xunfang-cli-'))
let said: string[] = []

beforeAll(async () => {
  testDatabase = await freshDatabase()
  database = testDatabase.open()
  await loadDemonstration(database, { now: Date.UTC(2026, 10, 24) })
  vi.stubEnv('DATABASE_URL', testDatabase.ownerUrl)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await testDatabase.drop()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  said = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const write = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const MAPPING = write(
  'map.json',
  JSON.stringify({
    source: 'test',
    key: { column: 'id' },
    time: { column: 'when', zone: 'Asia/Shanghai' },
    place: { lon: 'lon', lat: 'lat' },
    type: { column: 'kind', table: { theft: '0110' } },
  }),
)
const rejects = () => join(folder, 'rejects.csv')

describe('xunfang', () => {
  it('tells what it can do, in both languages', async () => {
    expect(await run([])).toBe(0)
    expect(said.join('\n')).toContain('导入接警数据')
    expect(said.join('\n')).toContain('calls for service')
  })

  it('names the word of the command line that is wrong, with exit code 2', async () => {
    expect(await run(['import', 'incidents'])).toBe(2)
    expect(await run(['import', 'incidents', 'a.csv'])).toBe(2)
    expect(await run(['import', 'incidents', 'a.csv', '--preset', 'gotham'])).toBe(2)
    expect(await run(['import', 'officers', 'a.csv', '--speed', '3'])).toBe(2)
    expect(await run(['import', 'officers', 'a.csv', '--frob'])).toBe(2)
    expect(await run(['frob'])).toBe(2)
    expect(said.join('\n')).toContain('--speed')
  })

  it('names what is wrong with file and mapping, with exit code 3', async () => {
    const calls = write('calls.csv', 'id,when,kind,lon\n1,2026-08-01 12:00,theft,113.6\n')
    expect(await run(['import', 'incidents', join(folder, 'none.csv'), '--map', MAPPING])).toBe(3)
    expect(await run(['import', 'incidents', calls, '--map', MAPPING])).toBe(3)
    expect(said.join('\n')).toContain('place.lat: the file has no column «lat»')
    const odd = write(
      'odd.json',
      JSON.stringify({
        source: 'x',
        key: { column: 'id' },
        time: { column: 'when', zone: 'Mars' },
        place: { lon: 'lon', lat: 'lat' },
        type: { column: 'kind', table: { theft: '7777' } },
      }),
    )
    expect(await run(['import', 'incidents', calls, '--map', odd])).toBe(3)
    expect(said.join('\n')).toContain('没有「Mars」时区')
  })

  it('imports calls within the map, counts rejections by cause, and adds nothing the second time', async () => {
    const calls = write(
      'good.csv',
      'id,when,kind,lon,lat\n1,2026-08-01 12:00,theft,113.6,34.1\n2,2026-08-01,theft,113.6,34.1\n3,2026-08-01 12:00,theft,120,30\n4,,theft,113.6,34.1\n',
    )
    const args = ['import', 'incidents', calls, '--map', MAPPING, '--rejects', rejects(), '--lang', 'en']
    expect(await run([...args, '--dry-run'])).toBe(0)
    expect(await run(args)).toBe(0)
    expect(said.join('\n')).toContain('test: 4 rows, 2 accepted, 0 duplicates, 2 rejected')
    expect(said.join('\n')).toMatch(/1 {2}outside-area/)
    expect(said.join('\n')).toContain('1 of them carry a date only')
    expect(await run([...args, '--strict'])).toBe(4)
    expect(said.join('\n')).toContain('0 accepted, 2 duplicates')
    expect((await listSources(database.pool)).find(({ source }) => source === 'test')).toMatchObject({
      count: 2,
      hoursDrawn: 1,
    })
    expect(await readSetting(database.db, HOURS_SETTING, null)).toMatchObject({
      value: { from: 'generated-profile' },
    })
    expect(await readSetting(database.db, DISTRICT_SETTING, null)).toMatchObject({
      value: { hourDrawn: true },
    })
  })

  it('imports officers from a workbook and units from CSV, each row counted once', async () => {
    const workbook = new ExcelJS.Workbook()
    const sheet = workbook.addWorksheet('人员')
    sheet.addRow(['警号', '姓名', '单位', '民警'])
    sheet.addRow(['770001', '测试甲', '城关派出所', '是'])
    sheet.addRow(['770002', '测试乙', '城关派出所', '否'])
    sheet.addRow(['770003', '测试丙', '无名派出所', '是'])
    const path = join(folder, 'officers.xlsx')
    await workbook.xlsx.writeFile(path)
    const args = ['import', 'officers', path, '--rejects', rejects(), '--lang', 'en']
    expect(await run([...args, '--dry-run'])).toBe(0)
    expect(await listOfficers(database.db)).toHaveLength(120)
    expect(await run(args)).toBe(0)
    expect(said.join('\n')).toContain('3 rows, 2 added, 0 changed, 0 unchanged, 1 rejected')
    expect(said.join('\n')).toContain('row 4 organisation organisation-unknown')
    expect(await listOfficers(database.db)).toHaveLength(122)
    const units = write('units.csv', '呼号,单位,带班民警,组员\n测试01,城关派出所,770001,770002\n')
    expect(await run(['import', 'units', units])).toBe(0)
    expect(
      (await listUnits(database.db)).find(({ callSign }) => callSign === '测试01')?.memberOfficerIds,
    ).toHaveLength(2)
  })

  it('imports sites from GeoJSON points and areas from polygons', async () => {
    const sites = write(
      'sites.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { name: '测试宾馆', class: 'venue', trade: 'hotel', address: '人民路1号' },
            geometry: { type: 'Point', coordinates: [113.6, 34.1] },
          },
        ],
      }),
    )
    const before = (await listSites(database.db)).length
    expect(await run(['import', 'sites', sites, '--rejects', rejects()])).toBe(0)
    expect(await listSites(database.db)).toHaveLength(before + 1)
    const areas = write(
      'areas.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { name: '测试巡区', kind: 'beat' },
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [113.59, 34.09],
                  [113.61, 34.09],
                  [113.61, 34.11],
                  [113.59, 34.09],
                ],
              ],
            },
          },
        ],
      }),
    )
    expect(await run(['import', 'areas', areas, '--rejects', rejects()])).toBe(0)
    expect((await listAreas(database.db)).some(({ name }) => name === '测试巡区')).toBe(true)
  })

  it('refuses a road file that is none', async () => {
    expect(await run(['import', 'roads', write('no.osm.pbf', 'not a road')])).toBe(3)
    expect(said.join('\n')).toContain('This is not an .osm.pbf file')
  })

  it('says when no server is there to replay against', async () => {
    expect(
      await run(['replay', '--from', '2026-08-01', '--to', '2026-08-02', '--url', 'http://127.0.0.1:9']),
    ).toBe(3)
    expect(await run(['replay', '--speed', 'fast'])).toBe(2)
  })
})

describe('moments of a replay', () => {
  it('are read as ISO 8601 or on the clock of the district', () => {
    expect(momentOf('2026-08-01T00:00:00Z', '--from', 'Asia/Shanghai')).toBe(Date.UTC(2026, 7, 1))
    expect(momentOf('2026-08-01', '--from', 'Asia/Shanghai')).toBe(Date.UTC(2026, 6, 31, 16))
    expect(momentOf('2026-08-01T18:30', '--from', 'America/Los_Angeles')).toBe(Date.UTC(2026, 7, 2, 1, 30))
    expect(() => momentOf('2026-02-31', '--from', 'UTC')).toThrow('usage.moment')
  })
})
