import { seededChance, type Chance } from '../../../foundation/core/chance.ts'
import type { IncidentColumns } from './history.ts'

export interface MadeUp {
  readonly incidents: number
  readonly days: number
  readonly seed: number
  /** Side of the square district. */
  readonly metres?: number
}

export const MADE_UP_CATEGORIES = ['theft', 'burglary', 'assault'] as const

/**
 * A generated history with a known truth, for specs and benches: addresses along streets every 100 m; how busy an
 * address is follows a heavy tail and changes once a year for a fifth of them; assaults are at night, thefts by day;
 * a burglary is repeated within two weeks at the same address in one case of six. Begins on 1 January 2014.
 */
export function makeUpHistory({ incidents, days, seed, metres = 8_000 }: MadeUp): IncidentColumns {
  const chance = seededChance(seed)
  const addresses = layAddresses(chance, metres)
  const yearly = Array.from({ length: Math.ceil(days / 365) + 1 }, () => new Float64Array(addresses.length))
  addresses.forEach(({ busy }, a) => {
    let now = busy
    for (const year of yearly) {
      if (chance.next() < 0.2) now = heavyTail(chance)
      year[a] = now
    }
  })
  const cumulative = yearly.map((year) => {
    let sum = 0
    return year.map((each) => (sum += each))
  })
  const rows: { day: number; address: number; category: number; hourKnown: number }[] = []
  while (rows.length < incidents) {
    const onDay = chance.below(days)
    const year = cumulative[Math.floor(onDay / 365)]!
    const address = firstAbove(year, chance.next() * year.at(-1)!)
    const category = chance.weighted([6, 2, 2])
    const hourKnown = chance.next() < 0.95 ? 1 : 0
    const day = FIRST_DAY + onDay + (hourKnown ? hourOf(chance, category) / 24 : 0)
    rows.push({ day, address, category, hourKnown })
    if (category === 1 && chance.next() < 1 / 6) {
      const again = Math.floor(day) + 1 + chance.below(14)
      if (again < FIRST_DAY + days && rows.length < incidents)
        rows.push({ day: again + hourOf(chance, 1) / 24, address, category, hourKnown: 1 })
    }
  }
  return {
    day: Float64Array.from(rows, ({ day }) => Math.round(day * 1440) / 1440),
    hourKnown: Uint8Array.from(rows, ({ hourKnown }) => hourKnown),
    lon: Float64Array.from(rows, ({ address }) => addresses[address]!.lon),
    lat: Float64Array.from(rows, ({ address }) => addresses[address]!.lat),
    category: Uint16Array.from(rows, ({ category }) => category),
    categories: [...MADE_UP_CATEGORIES],
    origin: new Uint8Array(rows.length),
  }
}

/** 1 January 2014 as days since 1970. */
export const FIRST_DAY = 16_071
const SOUTH_WEST = { lon: 113.6, lat: 34.1 }
const METRES_PER_DEGREE = 111_195
const STREET_EVERY_METRES = 100

function layAddresses(chance: Chance, metres: number): { lon: number; lat: number; busy: number }[] {
  const addresses = []
  for (let street = 0; street * STREET_EVERY_METRES < metres; street++) {
    let along = 0
    while (along < metres) {
      along += 10 + chance.below(120)
      const [east, north] =
        street % 2 === 0 ? [along, street * STREET_EVERY_METRES] : [street * STREET_EVERY_METRES, along]
      addresses.push({
        lon: rounded(
          SOUTH_WEST.lon + east / (METRES_PER_DEGREE * Math.cos((SOUTH_WEST.lat * Math.PI) / 180)),
        ),
        lat: rounded(SOUTH_WEST.lat + north / METRES_PER_DEGREE),
        busy: heavyTail(chance),
      })
    }
  }
  return addresses
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5
const heavyTail = (chance: Chance): number => 1 / (0.01 + chance.next()) ** 0.8

/** Assaults around 23:00, the others around 14:00. */
function hourOf(chance: Chance, category: number): number {
  const around = category === 2 ? 23 : 14
  const spread = (chance.next() + chance.next() + chance.next() - 1.5) * 8
  return (((around + spread) % 24) + 24) % 24
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let [low, high] = [0, cumulative.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
