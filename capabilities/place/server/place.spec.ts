import { PMTiles } from 'pmtiles'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../foundation/core/access.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { inTransaction } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import { newSecret } from '../../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../../foundation/server/identity/store.ts'
import { openRooms, type Call, type OpenRooms } from '../../../tests/rooms.ts'
import type { RoadWay } from '../../../solvers/routing/build.ts'
import { ACCESS } from '../core/access.ts'
import type { BasemapFeature } from '../core/features.ts'
import { packMap, type MapPackage } from './map-package.ts'
import { loadRoadNetwork, loadRouter } from './map.store.ts'
import { upsertAreas, upsertSites } from './register.store.ts'
import { importMap, importSites } from './imports.ts'
import { registerPlaceRoutes } from './routes.ts'

const NOW = Date.UTC(2026, 10, 24, 6)
const STATION = 'organisation-west'
const OTHER = 'organisation-east'

let house: OpenRooms
let admin: Call
let chief: Call
let officer: Call
/** For answers that are not JSON. */
const secret = newSecret()

beforeAll(async () => {
  house = await openRooms(
    {
      rules: ACCESS,
      organisationTree: async () =>
        new Map([
          [STATION, null],
          [OTHER, null],
        ]),
      register: (app) =>
        registerPlaceRoutes(app, { organisationExists: async (_tx, id) => id === STATION || id === OTHER }),
    },
    () => NOW,
  )
  const as = (role: Role, organisationId: string | null = null) =>
    house.as({ grants: [{ role, organisationId }] })
  admin = await as('system-admin')
  chief = await as('station-chief', STATION)
  officer = await as('officer', STATION)
  await inTransaction(house.database.db, async (tx) => {
    const grants = [{ role: 'officer' as const, organisationId: STATION }]
    const account = {
      username: 'map-reader',
      name: 'map-reader',
      kind: 'person' as const,
      passwordHash: null,
      grants,
      officerId: null,
    }
    const accountId = await createAccount(tx, account, NOW)
    if (isRefusal(accountId)) throw new Error(accountId.refused)
    await issueToken(tx, { accountId, label: 'test', secret, now: NOW, expiresAt: null })
  })
})
afterAll(() => house?.close())

let wayId = 1
const way = (name: string, ...points: [id: number, lon: number, lat: number][]): RoadWay => ({
  id: wayId++,
  class: 'residential',
  name,
  oneWay: 'no',
  nodes: points.map(([id, lon, lat]) => ({ id, lon, lat })),
})
const ways = [
  way('人民路', [1, 116.3, 39.9], [2, 116.31, 39.9], [3, 116.32, 39.9]),
  way('解放路', [2, 116.31, 39.9], [4, 116.31, 39.91]),
  way('人民东路', [3, 116.32, 39.9], [5, 116.33, 39.9]),
  way('Main Street', [5, 116.33, 39.9], [6, 116.34, 39.9]),
  way('1st Avenue', [6, 116.34, 39.9], [7, 116.34, 39.91]),
]
const features: BasemapFeature[] = [
  ...ways.map(({ name, nodes }): BasemapFeature => ({
    layer: 'roads',
    kind: 'residential',
    name,
    geometry: { type: 'LineString', line: nodes.map(({ lon, lat }) => [lon, lat] as const) },
  })),
  {
    layer: 'places',
    kind: 'hospital',
    name: '市人民医院',
    geometry: { type: 'Point', point: [116.315, 39.905] },
  },
]
const bounds = { west: 116.29, south: 39.89, east: 116.35, north: 39.92 }
const packed = (): MapPackage => packMap({ name: '示范区', attribution: 'generated', bounds, ways, features })
const store = (map: MapPackage) => importMap(house.database.db, systemContext('import', NOW), map)

interface Found {
  places: { id: string | null; name: string; kind: string }[]
}
const namesFound = async (q: string) =>
  (await officer<Found>('GET', `/api/place-search?q=${encodeURIComponent(q)}`)).body.places.map((p) => p.name)

describe('a district without a map', () => {
  it('says so and works by straight lines', async () => {
    const { body } = await officer('GET', '/api/district')
    expect(body).toMatchObject({ bounds: null, hasRoads: false, basemapEtag: null, attribution: null })
    expect((await officer('GET', '/api/basemap.pmtiles')).status).toBe(404)
    expect((await loadRouter(house.database.db)).hasRoads).toBe(false)
    expect(await loadRoadNetwork(house.database.db)).toBeNull()
  })
})

describe('a stored map', () => {
  let map: MapPackage
  beforeAll(async () => {
    map = packed()
    await store(map)
  })

  it('gives the road graph back', async () => {
    const graph = await loadRoadNetwork(house.database.db)
    if (graph === null || isRefusal(graph)) throw new Error('no graph')
    expect(graph.edgeFrom.length).toBe(map.counts.edges)
    const router = await loadRouter(house.database.db)
    expect(router.travel({ lon: 116.3, lat: 39.9 }, { lon: 116.31, lat: 39.91 }).basis).toBe('road')
  })
  it('is described with the district', async () => {
    const { body } = await officer('GET', '/api/district')
    expect(body).toMatchObject({
      timeZone: 'Asia/Shanghai',
      hourDrawn: false,
      hours: null,
      bounds,
      centre: { lon: 116.32, lat: 39.905 },
      attribution: 'generated',
      hasRoads: true,
    })
    expect(body['basemapEtag']).toMatch(/^[\w-]{22}$/)
  })
  it('replaces the one before it whole', async () => {
    await store(map)
    expect(await namesFound('解放路')).toEqual(['解放路', '人民路与解放路'])
  })
  it('is read by the pmtiles package through the API', async () => {
    const archive = new PMTiles({
      getKey: () => 'api',
      async getBytes(offset, length) {
        const response = await basemap({ range: `bytes=${offset}-${offset + length - 1}` })
        expect(response.statusCode).toBe(206)
        return {
          data: new Uint8Array(response.rawPayload).buffer as ArrayBuffer,
          etag: String(response.headers['etag']),
        }
      },
    })
    expect(await archive.getHeader()).toMatchObject({ specVersion: 3, maxZoom: 14 })
    expect(await archive.getMetadata()).toMatchObject({ name: '示范区' })
  })

  const basemap = (headers: Record<string, string>) =>
    house.app.inject({
      method: 'GET',
      url: '/api/basemap.pmtiles',
      headers: { authorization: `Bearer ${secret}`, ...headers },
    })

  it('answers ranges as RFC 9110 asks', async () => {
    const size = map.basemap.length
    const whole = await basemap({})
    expect(whole.statusCode).toBe(200)
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'application/vnd.pmtiles',
    })
    expect(new Uint8Array(whole.rawPayload)).toEqual(new Uint8Array(map.basemap))
    const part = await basemap({ range: 'bytes=10-19' })
    expect(part.statusCode).toBe(206)
    expect(part.headers['content-range']).toBe(`bytes 10-19/${size}`)
    expect(new Uint8Array(part.rawPayload)).toEqual(new Uint8Array(map.basemap.subarray(10, 20)))
    const end = await basemap({ range: 'bytes=-5' })
    expect(new Uint8Array(end.rawPayload)).toEqual(new Uint8Array(map.basemap.subarray(size - 5)))
    const behind = await basemap({ range: `bytes=${size}-` })
    expect(behind.statusCode).toBe(416)
    expect(behind.headers['content-range']).toBe(`bytes */${size}`)
    const etag = String(whole.headers['etag'])
    expect((await basemap({ 'if-none-match': etag })).statusCode).toBe(304)
    expect((await basemap({ range: 'bytes=0-9', 'if-range': etag })).statusCode).toBe(206)
    expect((await basemap({ range: 'bytes=0-9', 'if-range': '"older"' })).statusCode).toBe(200)
  })
  it('is not for strangers', async () => {
    expect((await house.app.inject('/api/basemap.pmtiles')).statusCode).toBe(401)
    expect((await house.app.inject('/api/district')).statusCode).toBe(401)
  })
})

describe('searching places', () => {
  beforeAll(() => store(packed()))

  it('finds Chinese names by their beginning, the name itself first', async () => {
    expect((await namesFound('人民'))[0]).toBe('人民路')
    expect(await namesFound('人民')).toContain('人民东路')
    expect((await namesFound('人民路'))[0]).toBe('人民路')
    expect(await namesFound('医院')).toEqual(['市人民医院'])
  })
  it('finds a crossing by its streets in either order, however joined', async () => {
    for (const q of [
      '人民路与解放路',
      '解放路和人民路',
      '解放路 人民路',
      '人民路解放路交叉口'.replace('解', ' 解'),
    ]) {
      expect((await namesFound(q))[0], q).toBe('人民路与解放路')
    }
    expect((await namesFound('main & 1st'))[0]).toBe('1st Avenue & Main Street')
  })
  it('forgives case and a slip of the pen', async () => {
    expect((await namesFound('MAIN ST'))[0]).toBe('Main Street')
    expect(await namesFound('Mainn Stret')).toContain('Main Street')
    expect((await namesFound('人名路'))[0]).toBe('人民路')
  })
  it('gives nothing for nothing, and takes any text', async () => {
    for (const q of ['', '   ', '%', "'; drop table site; --", '\\', '😀', '与']) {
      const { status } = await officer('GET', `/api/place-search?q=${encodeURIComponent(q)}`)
      expect(status, q).toBe(200)
    }
    expect(await namesFound('%')).toEqual([])
  })
  it('gives ten at most unless more are asked for', async () => {
    const { status } = await officer('GET', '/api/place-search?q=a&limit=21')
    expect(status).toBe(400)
  })
})

const site = {
  name: '金鼎宾馆',
  class: 'venue',
  trade: 'hotel',
  organisationId: STATION,
  address: '人民路 12 号',
  lon: 116.311,
  lat: 39.9,
  contactName: '王某',
  contactPhone: '0000-1234567',
}

describe('sites', () => {
  it('are added, found, changed and removed by the chief of their station', async () => {
    const added = await chief('POST', '/api/sites', site)
    expect(added).toMatchObject({ status: 201, body: { name: '金鼎宾馆', version: 1 } })
    expect(added.body).not.toHaveProperty('contactPhone')
    const id = String(added.body['id'])
    const found = await officer<Found>('GET', `/api/place-search?q=${encodeURIComponent('金鼎')}`)
    expect(found.body.places[0]).toMatchObject({ id, kind: 'site', name: '金鼎宾馆' })

    const url = `/api/sites/${id}`
    expect((await chief('PUT', url, { ...site, trade: 'bar' })).status).toBe(428)
    expect((await chief('PUT', url, { ...site, trade: 'bar' }, { 'if-match': '"7"' })).status).toBe(412)
    const changed = await chief('PUT', url, { ...site, trade: 'bar' }, { 'if-match': '"1"' })
    expect(changed).toMatchObject({ status: 200, body: { trade: 'bar', version: 2 } })
    expect((await chief('DELETE', url, undefined, { 'if-match': '"2"' })).status).toBe(204)
    expect((await officer('GET', url)).status).toBe(404)
  })
  it('keep the person to ask there when somebody who may not read that changes them', async () => {
    const { contactName: _name, contactPhone: _phone, ...rest } = site
    const added = await chief('POST', '/api/sites', { ...site, name: '锡鼎宾馆' })
    const url = `/api/sites/${String(added.body['id'])}`
    const changed = await chief(
      'PUT',
      url,
      { ...rest, name: '锡鼎宾馆', trade: 'bar' },
      { 'if-match': '"1"' },
    )
    expect(changed.status).toBe(200)
    expect((await officer('GET', url)).body).toMatchObject({ trade: 'bar', contactPhone: '0000-1234567' })
  })
  it('show the person to ask there one by one, and each reading is recorded', async () => {
    const added = await chief('POST', '/api/sites', { ...site, name: '银鼎宾馆' })
    const id = String(added.body['id'])
    expect((await officer<{ sites: object[] }>('GET', '/api/sites')).body.sites[0]).not.toHaveProperty(
      'contactPhone',
    )
    expect((await officer('GET', `/api/sites/${id}`)).body).toMatchObject({ contactPhone: '0000-1234567' })
    const entry = await house.database.db
      .selectFrom('audit_entry')
      .select('action')
      .where('subject_id', '=', id)
      .where('action', '=', 'read place.read-contacts')
      .execute()
    expect(entry).toHaveLength(1)
  })
  it('of another station, or of none that exists, are refused', async () => {
    expect((await chief('POST', '/api/sites', { ...site, organisationId: OTHER })).body).toMatchObject({
      code: 'out-of-scope',
      field: 'organisationId',
    })
    expect((await chief('POST', '/api/sites', { ...site, organisationId: 'nobody' })).body).toMatchObject({
      code: 'invalid-organisation',
    })
    expect((await officer('POST', '/api/sites', site)).status).toBe(403)
  })
  it('that the map shows as well are found once', async () => {
    const hospital = { ...site, name: '市人民医院', class: 'key-unit', lon: 116.3151, lat: 39.905 }
    expect((await chief('POST', '/api/sites', hospital)).status).toBe(201)
    const found = await officer<Found>('GET', `/api/place-search?q=${encodeURIComponent('人民医院')}`)
    expect(found.body.places.map(({ name, kind }) => [name, kind])).toEqual([['市人民医院', 'site']])
  })
  it('are not added twice', async () => {
    expect((await chief('POST', '/api/sites', { ...site, name: '银鼎宾馆' })).status).toBe(409)
  })
  it('of a file taken twice change nothing the second time', async () => {
    const draft = { ...site, class: 'venue' as const, name: '铜鼎宾馆' }
    const take = () => inTransaction(house.database.db, (tx) => upsertSites(tx, [draft]))
    expect(await take()).toEqual({ added: 1, changed: 0 })
    expect(await take()).toEqual({ added: 0, changed: 0 })
  })
})

describe('a sites file', () => {
  it('is taken once, with its rejections, and leaves one audit entry each time', async () => {
    const known = {
      organisations: [{ id: STATION, code: 'W', nameZh: '城西派出所', nameEn: 'West' }],
      coordinates: { system: 'wgs-84' as const },
      bounds: null,
    }
    const rows = [
      {
        row: 2,
        cells: { 名称: '第一小学', 类别: '重点单位', 经度: '116.3', 纬度: '39.9', 派出所: '城西派出所' },
      },
      { row: 3, cells: { 名称: '第二小学', 类别: '重点单位', 经度: '', 纬度: '39.9' } },
    ]
    const take = () => importSites(house.database.db, systemContext('import', NOW), rows, known)
    const rejections = [{ row: 3, field: 'lon', cause: 'missing', value: '' }]
    expect(await take()).toEqual({ added: 1, changed: 0, unchanged: 0, rejections })
    expect(await take()).toEqual({ added: 0, changed: 0, unchanged: 1, rejections })
    const audited = await house.database.db
      .selectFrom('audit_entry')
      .select('detail')
      .where('action', '=', 'place.import-sites')
      .execute()
    expect(audited).toHaveLength(2)
  })
})

describe('areas and key places', () => {
  const ring = [
    [116.3, 39.89],
    [116.33, 39.89],
    [116.33, 39.92],
  ]
  it('keep a closed ring and refuse one without an inside', async () => {
    const area = { kind: 'station', name: '城西', organisationId: STATION, ring }
    const added = await admin<{ id: string; ring: number[][] }>('POST', '/api/areas', area)
    expect(added.body.ring).toEqual([...ring, ring[0]])
    const flat = [ring[0], ring[0], ring[0]]
    expect((await admin('POST', '/api/areas', { ...area, name: '无', ring: flat })).body).toMatchObject({
      code: 'invalid-ring',
      field: 'ring',
    })
    expect(
      (await officer<{ areas: { name: string }[] }>('GET', '/api/areas')).body.areas.map((a) => a.name),
    ).toEqual(['城西'])
    const draft = {
      kind: 'station' as const,
      name: '城西',
      organisationId: OTHER,
      ring: added.body.ring as never,
    }
    const take = () => inTransaction(house.database.db, (tx) => upsertAreas(tx, [draft]))
    expect([await take(), await take()]).toEqual([
      { added: 0, changed: 1 },
      { added: 0, changed: 0 },
    ])
  })
  it('announce what changed and leave an audit entry', async () => {
    const keyPlace = {
      name: '火车站站前广场',
      lon: 116.31,
      lat: 39.9,
      radiusMetres: 200,
      requiredUnits: 1,
      limitSeconds: 900,
      activeHours: [{ weekdays: [], fromMinute: 540, untilMinute: 1320 }],
    }
    const added = await admin('POST', '/api/key-places', keyPlace)
    expect(added).toMatchObject({ status: 201, body: keyPlace })
    const id = String(added.body['id'])
    const announced = await house.database.db
      .selectFrom('outbox')
      .select(['topic', 'data'])
      .where('subject_id', '=', id)
      .execute()
    expect(announced).toEqual([{ topic: 'key-place.changed', data: { change: 'add' } }])
    const audited = await house.database.db
      .selectFrom('audit_entry')
      .select('action')
      .where('subject_id', '=', id)
      .execute()
    expect(audited).toEqual([{ action: 'place.add-key-place' }])
    expect((await admin('POST', '/api/key-places', { ...keyPlace, radiusMetres: 0 })).status).toBe(400)
    expect(
      (await officer<Found>('GET', `/api/place-search?q=${encodeURIComponent('站前')}`)).body.places,
    ).toMatchObject([{ id, kind: 'key-place', name: '火车站站前广场' }])
  })
})

describe('the settings of the district', () => {
  it('are changed by the system administrator, over the version he has seen', async () => {
    const change = { nameZh: '颍宁区', nameEn: 'Yingning', timeZone: 'Asia/Shanghai' }
    expect((await admin('PUT', '/api/district', change, { 'if-match': '"0"' })).body).toMatchObject({
      name: '颍宁区',
      version: 1,
    })
    expect((await admin('PUT', '/api/district', change, { 'if-match': '"0"' })).status).toBe(412)
    expect(
      (await admin('PUT', '/api/district', { ...change, timeZone: 'Mars/Olympus' }, { 'if-match': '"1"' }))
        .body,
    ).toMatchObject({ code: 'invalid-time-zone', field: 'timeZone' })
    expect((await chief('PUT', '/api/district', change, { 'if-match': '"1"' })).status).toBe(403)
  })
})
