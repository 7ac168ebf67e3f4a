import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBatch, readBatchFix } from './batch.ts'
import { isUnreadable } from './fix.ts'
import { osmandDeviceCode, readOsmand, type Form } from './osmand.ts'
import { readOwntracks } from './owntracks.ts'
import { readTime } from './reading.ts'
import { openTraccarMessage, readTraccarLocation } from './traccar-client.ts'

const NOW = Date.UTC(2026, 4, 1, 8)
const osmand = (query: string) => readOsmand(Object.fromEntries(new URLSearchParams(query)), NOW)

describe('times as devices write them', () => {
  it.each([
    ['1377177267', 1377177267_000],
    ['1504763810123', 1504763810_123],
    [1497476456, 1497476456_000],
    ['2016-01-27T18:55:47Z', Date.UTC(2016, 0, 27, 18, 55, 47)],
    ['2016-01-27T18:55:47.250+08:00', Date.UTC(2016, 0, 27, 10, 55, 47, 250)],
    ['2014-06-04 09:10:11', Date.UTC(2014, 5, 4, 9, 10, 11)],
    ['2014-06-04T09:10:11', Date.UTC(2014, 5, 4, 9, 10, 11)],
    ['2014-06-04 09:10:11+08', Date.UTC(2014, 5, 4, 1, 10, 11)],
  ])('reads %s', (text, at) => expect(readTime(text)).toBe(at))

  it('reads the usual form digit by digit as it reads it by pattern', () => {
    const written = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
    fc.assert(fc.property(written, (date) => readTime(date.toISOString()) === date.getTime()))
    fc.assert(
      fc.property(written, fc.nat(23), fc.constantFrom('x', '9', '-', ':'), (date, place, other) => {
        const text = date.toISOString()
        const spoilt = text.slice(0, place) + other + text.slice(place + 1)
        const at = readTime(spoilt)
        expect([null, Date.parse(spoilt.endsWith('Z') ? spoilt : `${spoilt}Z`)]).toContain(at)
      }),
    )
  })

  it.each(['', ' ', 'now', '2014-13-40 09:10:11', '2014-06-04', 'NaN', null, undefined, {}, true])(
    'refuses %s',
    (text) => expect(readTime(text)).toBeNull(),
  )
})

describe('the query form of OsmAnd', () => {
  it('reads a form with speed in knots and battery in percent', () => {
    expect(
      osmand('id=1&lat=60.0&lon=30.5&timestamp=1377177267&speed=10&bearing=360&accuracy=8&batt=87'),
    ).toEqual({
      fixedAt: 1377177267_000,
      lat: 60,
      lon: 30.5,
      speedMetresPerSecond: expect.closeTo(5.1444, 4),
      bearingDegrees: 0,
      accuracyMetres: 8,
      batteryPercent: 87,
      valid: true,
    })
  })
  it('reads a place given as one pair, and heading for bearing', () => {
    expect(osmand('id=1&location=60.0,30.0&heading=90')).toMatchObject({
      lat: 60,
      lon: 30,
      bearingDegrees: 90,
      fixedAt: NOW,
    })
  })
  it('takes the first of a name given twice', () => {
    expect(readOsmand({ lat: ['1', '2'], lon: '3' }, NOW)).toMatchObject({ lat: 1, lon: 3 })
  })
  it('believes the device that says it has no position', () => {
    expect(osmand('lat=1&lon=2&valid=0')).toMatchObject({ valid: false })
    expect(osmand('lat=1&lon=2&valid=true')).toMatchObject({ valid: true })
  })
  it('takes cell towers alone for another message', () => {
    expect(osmand('id=123456&timestamp=1377177267&cell=257,02,16,2224')).toEqual({ other: 'no-position' })
  })
  it.each([
    ['lat=x&lon=2', 'not-a-number', 'lat'],
    ['lat=1', 'missing', 'lon'],
    ['lat=&lon=2', 'missing', 'lat'],
    ['lat=31,2&lon=2', 'not-a-number', 'lat'],
    ['location=60', 'missing', 'location'],
    ['lat=1&lon=NaN', 'not-a-number', 'lon'],
    ['lat=1&lon=2&timestamp=yesterday', 'not-a-time', 'timestamp'],
  ])('says what is wrong with %s', (query, unreadable, field) =>
    expect(osmand(query)).toEqual({ unreadable, field }),
  )
  it('names the device by id or deviceid', () => {
    expect(osmandDeviceCode({ id: '353861053849681' })).toBe('353861053849681')
    expect(osmandDeviceCode({ deviceid: 'a' })).toBe('a')
    expect(osmandDeviceCode({ id: '  ' })).toBeNull()
  })
})

describe('the JSON of Traccar Client 9', () => {
  const location = {
    timestamp: '2021-07-21T08:06:34.444Z',
    coords: {
      latitude: -6.1148096,
      longitude: 106.6837015,
      accuracy: 3.8,
      speed: 18.67,
      heading: 63,
      altitude: 35.7,
    },
    is_moving: false,
    battery: { is_charging: false, level: 0.79 },
    activity: { type: 'still', confidence: 100 },
    extras: {},
  }
  const open = (body: unknown) => openTraccarMessage(body)!

  it('reads speed in metres a second and the battery as a share', () => {
    const message = open({ location, device_id: '8737767034' })
    expect(message.deviceCode).toBe('8737767034')
    expect(message.locations.map(readTraccarLocation)).toEqual([
      {
        fixedAt: Date.UTC(2021, 6, 21, 8, 6, 34, 444),
        lat: -6.1148096,
        lon: 106.6837015,
        accuracyMetres: 3.8,
        speedMetresPerSecond: 18.67,
        bearingDegrees: 63,
        batteryPercent: 79,
        valid: true,
      },
    ])
  })
  it('takes -1 for unknown', () => {
    const read = readTraccarLocation({
      ...location,
      coords: { latitude: 37.78, longitude: -122.4, accuracy: 5, speed: -1, heading: -1 },
      battery: { level: -1 },
    })
    expect(read).toMatchObject({ speedMetresPerSecond: NaN, bearingDegrees: NaN, batteryPercent: NaN })
  })
  it('reads a list in location, and a list of messages', () => {
    expect(open({ location: [location, location], device_id: 'a' }).locations).toHaveLength(2)
    expect(open([{ location, device_id: 'a' }, { location }])).toMatchObject({
      deviceCode: 'a',
      locations: [location, location],
    })
  })
  it('says which part cannot be read', () => {
    expect(readTraccarLocation({ ...location, timestamp: 'x' })).toEqual({
      unreadable: 'not-a-time',
      field: 'location.timestamp',
    })
    expect(readTraccarLocation({ ...location, coords: { latitude: 1 } })).toEqual({
      unreadable: 'missing',
      field: 'location.coords.longitude',
    })
    expect(readTraccarLocation(7)).toEqual({ unreadable: 'not-an-object', field: 'location' })
    expect(openTraccarMessage({ position: 1 })).toBeNull()
  })
})

describe('the JSON of OwnTracks', () => {
  it('reads a location with speed in km/h', () => {
    expect(
      readOwntracks({
        _type: 'location',
        tst: 1497476456,
        lat: 48.85833,
        lon: 2.29513,
        acc: 5,
        vel: 54,
        cog: 271,
        batt: 41,
        alt: 167,
        tid: 'JJ',
      }),
    ).toEqual({
      fixedAt: 1497476456_000,
      lat: 48.85833,
      lon: 2.29513,
      accuracyMetres: 5,
      speedMetresPerSecond: expect.closeTo(15),
      bearingDegrees: 271,
      batteryPercent: 41,
      valid: true,
    })
  })
  it('accepts every other type under its name', () => {
    expect(readOwntracks({ _type: 'lwt', tst: 1 })).toEqual({ other: 'lwt' })
    expect(readOwntracks({ _type: 'made-up' })).toEqual({ other: 'unknown' })
  })
  it('does not take the time of sending for the time of the fix', () => {
    expect(readOwntracks({ _type: 'location', lat: 1, lon: 2, created_at: 1497476456 })).toEqual({
      unreadable: 'missing',
      field: 'tst',
    })
  })
})

describe('our own batch', () => {
  it('reads the house’s names', () => {
    const body = openBatch({
      deviceId: 'a',
      fixes: [{ fixedAt: '2026-05-01T08:00:00Z', lon: 121.5, lat: 31.2, accuracyMetres: 4 }],
    })!
    expect(body.fixes.map(readBatchFix)[0]).toMatchObject({
      fixedAt: NOW,
      lon: 121.5,
      lat: 31.2,
      accuracyMetres: 4,
      batteryPercent: NaN,
    })
  })
  it('is refused without a list of fixes', () => {
    for (const body of [null, [], {}, { fixes: {} }, 'x']) expect(openBatch(body)).toBeNull()
  })
})

describe('whatever arrives', () => {
  const isFixOrReason = (read: object) =>
    'other' in read ||
    isUnreadable(read) ||
    ['fixedAt', 'lon', 'lat'].every((name) => Number.isFinite((read as Record<string, number>)[name]))
  const almost = fc.oneof(
    fc.anything(),
    fc.double(),
    fc.constantFrom('1', '-1', '1e400', '', '2026-05-01T00:00:00Z', -1, 1e300),
  )
  const guess = <T extends string>(...names: T[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, almost])), { requiredKeys: [] })

  it('gives a fix of finite numbers, another message, or the field at fault; it never throws', () => {
    fc.assert(
      fc.property(guess('_type', 'lat', 'lon', 'tst', 'acc', 'vel', 'cog', 'batt'), (message) =>
        isFixOrReason(readOwntracks({ _type: 'location', ...message })),
      ),
    )
    fc.assert(fc.property(fc.anything(), (message) => isFixOrReason(readOwntracks(message))))
    fc.assert(
      fc.property(guess('latitude', 'longitude', 'accuracy'), almost, (coords, timestamp) =>
        isFixOrReason(readTraccarLocation({ coords, timestamp })),
      ),
    )
    fc.assert(
      fc.property(fc.anything(), (body) =>
        (openTraccarMessage(body)?.locations ?? []).map(readTraccarLocation).every(isFixOrReason),
      ),
    )
    fc.assert(
      fc.property(guess('fixedAt', 'lon', 'lat', 'accuracyMetres', 'valid'), (fix) =>
        isFixOrReason(readBatchFix(fix)),
      ),
    )
    fc.assert(
      fc.property(fc.anything(), (body) =>
        (openBatch(body)?.fixes ?? []).map(readBatchFix).every(isFixOrReason),
      ),
    )
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('1', '60.5', '1,2', '1e999'))
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('lat', 'lon', 'location', 'timestamp', 'speed', 'batt', 'valid'),
          fc.oneof(text, fc.array(text)),
        ),
        (form) => isFixOrReason(readOsmand(form as Form, NOW)),
      ),
    )
  })
})
