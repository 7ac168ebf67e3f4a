import type { Chance } from '../../foundation/core/chance.ts'
import type { AddressBook } from './town/addresses.ts'
import {
  formUnits,
  putOnDuty,
  recruiter,
  type GeneratedOfficer,
  type GeneratedUnit,
  type UnitKind,
} from './muster.ts'
import { centroid, chanceFor, type Point } from './town/frame.ts'
import { personNames } from './town/names.ts'
import { cellRing, COLUMNS, ROWS } from './town/plan.ts'
import type { Highway } from './town/sketch.ts'

/** Keys join the generated records to each other; the database gives each its id. */
export interface GeneratedOrganisation {
  readonly key: string
  readonly parentKey: string | null
  readonly kind: 'sub-bureau' | 'station' | 'special-patrol'
  readonly nameZh: string
  readonly nameEn: string
  readonly at: Point
}

export interface GeneratedArea {
  readonly kind: 'station' | 'beat'
  readonly name: string
  readonly organisationKey: string
  readonly ring: readonly Point[]
}

export interface GeneratedForce {
  readonly organisations: readonly GeneratedOrganisation[]
  readonly areas: readonly GeneratedArea[]
  readonly officers: readonly GeneratedOfficer[]
  readonly units: readonly GeneratedUnit[]
}

interface StationPlan {
  readonly key: string
  readonly nameZh: string
  readonly nameEn: string
  readonly callSign: string
  readonly officers: number
  readonly sworn: number
  readonly units: readonly UnitKind[]
  /** Lattice lines from west to east and, for each beat, from south to north. */
  readonly columns: readonly [number, number]
  readonly beats: readonly { readonly name: string; readonly rows: readonly [number, number] }[]
}

/** The urban station runs the middle of the town; the river and 解放路 part it from its neighbours. */
const STATIONS: readonly StationPlan[] = [
  {
    key: 'chengguan',
    nameZh: '城关派出所',
    nameEn: 'Chengguan Station',
    callSign: '城关',
    officers: 34,
    sworn: 15,
    units: ['car', 'car', 'car', 'car', 'motorcycle', 'motorcycle', 'foot', 'foot'],
    columns: [2, 4],
    beats: [
      { name: '城关一巡区', rows: [-1, 1] },
      { name: '城关二巡区', rows: [1, 2] },
      { name: '城关三巡区', rows: [2, 3] },
      { name: '城关四巡区', rows: [3, 4] },
      { name: '城关五巡区', rows: [4, ROWS + 1] },
    ],
  },
  {
    key: 'hexi',
    nameZh: '河西派出所',
    nameEn: 'Hexi Station',
    callSign: '河西',
    officers: 25,
    sworn: 11,
    units: ['car', 'car', 'car', 'motorcycle', 'foot'],
    columns: [-1, 2],
    beats: [
      { name: '河西一巡区', rows: [-1, 1] },
      { name: '河西二巡区', rows: [1, 3] },
      { name: '河西三巡区', rows: [3, ROWS + 1] },
    ],
  },
  {
    key: 'chengdong',
    nameZh: '城东派出所',
    nameEn: 'Chengdong Station',
    callSign: '城东',
    officers: 25,
    sworn: 11,
    units: ['car', 'car', 'car', 'motorcycle', 'foot'],
    columns: [4, COLUMNS + 1],
    beats: [
      { name: '城东一巡区', rows: [-1, 1] },
      { name: '城东二巡区', rows: [1, 3] },
      { name: '城东三巡区', rows: [3, ROWS + 1] },
    ],
  },
]

const SPECIAL_PATROL = {
  key: 'special',
  officers: 28,
  sworn: 14,
  units: ['special', 'special', 'special', 'special', 'special', 'special'] as const,
  callSign: '特巡',
}
const SUB_BUREAU = { key: 'bureau', officers: 8, sworn: 8 }

/** Seven units rest or are briefed, so that the street holds about the two thirds of the normal target. */
const NOT_OUT: Readonly<Record<string, 'briefing' | 'break'>> = {
  城关04: 'break',
  城关08: 'briefing',
  河西03: 'break',
  河西04: 'briefing',
  城东03: 'break',
  城东04: 'briefing',
  特巡06: 'briefing',
}
const officeWeight = (highway: Highway): number => (highway === 'secondary' || highway === 'tertiary' ? 1 : 0)

/** 1 sub-bureau, 3 stations with beats, a special patrol unit, 120 officers, 24 units. Deterministic by seed. */
export function raiseForce(seed: number, addresses: AddressBook): GeneratedForce {
  const chance = chanceFor(seed, 'force')
  const officers: GeneratedOfficer[] = []
  const units: GeneratedUnit[] = []
  const areas = STATIONS.flatMap(areasOf)
  const organisations: GeneratedOrganisation[] = [
    {
      key: SUB_BUREAU.key,
      parentKey: null,
      kind: 'sub-bureau',
      nameZh: '颍宁市公安局青河分局',
      nameEn: 'Qinghe Sub-bureau',
      at: officeNear(chance, addresses, cellRing(4, 2, 5, 3)),
    },
    ...STATIONS.map(({ key, nameZh, nameEn, columns }): GeneratedOrganisation => ({
      key,
      parentKey: SUB_BUREAU.key,
      kind: 'station',
      nameZh,
      nameEn,
      at: officeNear(
        chance,
        addresses,
        cellRing(Math.max(0, columns[0]), 2, Math.min(COLUMNS, columns[1]), 3),
      ),
    })),
    {
      key: SPECIAL_PATROL.key,
      parentKey: SUB_BUREAU.key,
      kind: 'special-patrol',
      nameZh: '巡特警大队',
      nameEn: 'Special Patrol Unit',
      at: officeNear(chance, addresses, cellRing(3, 1, 4, 2)),
    },
  ]
  const recruit = recruiter(chance, personNames(chanceFor(seed, 'officers')))
  officers.push(...recruit(SUB_BUREAU.key, SUB_BUREAU.officers, SUB_BUREAU.sworn, false))
  for (const station of STATIONS) {
    const people = recruit(station.key, station.officers, station.sworn, true)
    units.push(...formUnits(station.key, station.callSign, station.units, people))
    officers.push(...people)
  }
  const special = recruit(SPECIAL_PATROL.key, SPECIAL_PATROL.officers, SPECIAL_PATROL.sworn, true)
  units.push(...formUnits(SPECIAL_PATROL.key, SPECIAL_PATROL.callSign, SPECIAL_PATROL.units, special))
  officers.push(...special)
  return { organisations, areas, ...putOnDuty(officers, units, NOT_OUT) }
}

function areasOf(station: StationPlan): GeneratedArea[] {
  const [west, east] = station.columns
  const south = station.beats[0]!.rows[0]
  const north = station.beats.at(-1)!.rows[1]
  return [
    {
      kind: 'station',
      name: `${station.nameZh}辖区`,
      organisationKey: station.key,
      ring: cellRing(west, south, east, north),
    },
    ...station.beats.map(({ name, rows }): GeneratedArea => ({
      kind: 'beat',
      name,
      organisationKey: station.key,
      ring: cellRing(west, rows[0], east, rows[1]),
    })),
  ]
}

function officeNear(chance: Chance, addresses: AddressBook, ring: readonly Point[]): Point {
  const middle = centroid(ring)
  const weight = (highway: Highway, at: Point) =>
    officeWeight(highway) * Math.exp(-((Math.hypot(at.x - middle.x, at.y - middle.y) / 300) ** 2))
  return addresses.frontage(chance, weight).at
}
