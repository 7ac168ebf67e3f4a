import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildRoadGraph, createRouter } from '../../capabilities/place/core/index.ts'
import { DEFAULT_INCIDENT_TYPES } from '../../capabilities/incident/core/index.ts'
import { wallClock } from '../../foundation/core/instant.ts'
import { generateDistrict } from './district.ts'
import { FAMILIES } from './history/families.ts'
import { DISTRICT_TIME_ZONE } from './history/process.ts'
import { basemapFeaturesOf, roadWaysOf } from './map.ts'
import { isInside, toPosition } from './town/frame.ts'

const UNTIL = Date.UTC(2026, 10, 24, 6)
const district = generateDistrict({ seed: 1, until: UNTIL })

const fingerprint = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

describe('demonstration district', () => {
  it('is the same to the byte for the same seed and moment', () => {
    const again = generateDistrict({ seed: 1, until: UNTIL })
    expect(fingerprint([...basemapFeaturesOf(again)])).toBe(fingerprint([...basemapFeaturesOf(district)]))
    expect(fingerprint(again.history)).toBe(fingerprint(district.history))
    expect(fingerprint([again.force, again.sites, again.keyPlaces])).toBe(
      fingerprint([district.force, district.sites, district.keyPlaces]),
    )
  })

  it('is another town for another seed', () => {
    const other = generateDistrict({ seed: 2, until: UNTIL })
    expect(fingerprint(roadWaysOf(other))).not.toBe(fingerprint(roadWaysOf(district)))
  })

  it('has the force of the reference: 3 stations, special patrol, 120 officers, 24 units', () => {
    const { organisations, officers, units } = district.force
    expect(organisations.map(({ kind }) => kind).sort()).toEqual([
      'special-patrol',
      'station',
      'station',
      'station',
      'sub-bureau',
    ])
    expect(officers).toHaveLength(120)
    expect(units).toHaveLength(24)
    expect(new Set(officers.map(({ badgeNumber }) => badgeNumber)).size).toBe(120)
    expect(new Set(units.map(({ callSign }) => callSign)).size).toBe(24)
  })

  it('gives each unit a crew of 2 to 4 of its own organisation, led by a sworn officer, nobody in two', () => {
    const { officers, units } = district.force
    const byBadge = new Map(officers.map((officer) => [officer.badgeNumber, officer]))
    const seen = new Set<string>()
    for (const { leaderBadge, crewBadges, organisationKey } of units) {
      expect(crewBadges.length).toBeGreaterThanOrEqual(2)
      expect(crewBadges.length).toBeLessThanOrEqual(4)
      expect(byBadge.get(leaderBadge)?.sworn).toBe(true)
      expect(crewBadges).toContain(leaderBadge)
      for (const badge of crewBadges) {
        expect(byBadge.get(badge)).toMatchObject({ organisationKey, duty: 'on', patrolCapable: true })
        expect(seen.has(badge)).toBe(false)
        seen.add(badge)
      }
    }
  })

  it('begins with about two thirds of the patrol force on the street', () => {
    const { officers, units } = district.force
    const available = officers.filter(({ duty, patrolCapable }) => duty === 'on' && patrolCapable).length
    const out = units
      .filter(({ status }) => status === 'patrolling')
      .flatMap(({ crewBadges }) => crewBadges).length
    expect(out / available).toBeGreaterThanOrEqual(2 / 3)
    expect(out / available).toBeLessThan(0.72)
  })

  it('has 32 compounds, 132 venues and 42 key units, each name once in its class', () => {
    const count = (wanted: string) => district.sites.filter((site) => site.class === wanted)
    expect(count('residential')).toHaveLength(32)
    expect(count('venue')).toHaveLength(132)
    expect(count('key-unit')).toHaveLength(42)
    for (const each of ['residential', 'venue', 'key-unit']) {
      const names = count(each).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('parts the district among the stations: a place belongs to one station at most, and the sites to exactly one', () => {
    const stations = district.force.areas.filter(({ kind }) => kind === 'station')
    for (const { at } of district.sites)
      expect(stations.filter(({ ring }) => isInside(ring, at))).toHaveLength(1)
    const beats = district.force.areas.filter(({ kind }) => kind === 'beat')
    for (const { at } of district.sites)
      expect(beats.filter(({ ring }) => isInside(ring, at))).toHaveLength(1)
  })

  it('connects its roads: every station reaches every key place by road', () => {
    const router = createRouter(buildRoadGraph(roadWaysOf(district)).graph)
    const stations = district.force.organisations.map(({ at }) => toPosition(at))
    for (const { at } of district.keyPlaces) {
      for (const travel of router.travelToOne(toPosition(at), stations)) {
        expect(travel.basis).toBe('road')
        expect(travel.seconds).toBeLessThan(30 * 60)
      }
    }
  })

  it('draws names that no one has to guess at: every base map ring is closed and every way has two points', () => {
    for (const { geometry } of basemapFeaturesOf(district)) {
      if (geometry.type === 'Polygon')
        for (const ring of geometry.rings) expect(ring.at(0)).toEqual(ring.at(-1))
      if (geometry.type === 'LineString') expect(geometry.line.length).toBeGreaterThan(1)
    }
  })
})

describe('incident process', () => {
  const { history } = district

  it('uses types of the default dictionary only', () => {
    const known = new Set(DEFAULT_INCIDENT_TYPES.map(({ code }) => code))
    for (const { typeCode } of FAMILIES) expect(known).toContain(typeCode)
  })

  it('covers two years up to the moment, in order, each id once', () => {
    expect(history.at(-1)!.at).toBeLessThanOrEqual(UNTIL)
    expect(UNTIL - history[0]!.at).toBeGreaterThan(729 * 86_400_000)
    for (let i = 1; i < history.length; i++) expect(history[i]!.at).toBeGreaterThanOrEqual(history[i - 1]!.at)
    expect(new Set(history.map(({ externalId }) => externalId)).size).toBe(history.length)
  })

  it('has the rates of its table within chance', () => {
    for (const { typeCode, perDay } of FAMILIES) {
      const seen = history.filter((incident) => incident.typeCode === typeCode).length
      const expected = perDay * 730
      expect(Math.abs(seen - expected)).toBeLessThan(6 * Math.sqrt(expected) + 0.06 * expected)
    }
  })

  it('has a share discovered by patrol, and more fights at night than in the morning', () => {
    const byPatrol = history.filter(({ origin }) => origin === 'patrol').length / history.length
    expect(byPatrol).toBeGreaterThan(0.03)
    expect(byPatrol).toBeLessThan(0.08)
    const hours = history
      .filter(({ typeCode }) => typeCode === '0201')
      .map(({ at }) => wallClock(at, DISTRICT_TIME_ZONE).hour)
    const within = (from: number, until: number) =>
      hours.filter((hour) => hour >= from && hour < until).length
    expect(within(20, 24)).toBeGreaterThan(4 * within(6, 10))
  })

  it('repeats burglaries nearby more often than chance would', () => {
    const burglaries = history.filter(({ typeCode }) => typeCode === '0108')
    const close = burglaries.filter(({ repeats }) => repeats !== null).length / burglaries.length
    expect(close).toBeGreaterThan(0.2)
    expect(close).toBeLessThan(0.45)
  })
})
