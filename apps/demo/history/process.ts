import type { CallFacts } from '../../../capabilities/incident/core/index.ts'
import type { Chance } from '../../../foundation/core/chance.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { AddressBook } from '../town/addresses.ts'
import { chanceFor, toPosition, type Point } from '../town/frame.ts'
import type { Land } from '../town/land.ts'
import { RIVER } from '../town/plan.ts'
import type { GeneratedKeyPlace, GeneratedSite } from '../town/places.ts'
import type { Sketch } from '../town/sketch.ts'
import { drawWay, factsOf } from './facts.ts'
import { FAMILIES, type Family, type Setting } from './families.ts'
import { DAILY, WEEKLY, yearlyFactor } from './rhythm.ts'

/**
 * Two years of incidents from a process that is fully known, so that a forecast can be judged against the truth:
 *
 * 1. Expected count of a family on a day = rate × weekly factor × yearly factor; the count is Poisson.
 * 2. Its hour follows the family's daily curve; the minute is uniform.
 * 3. Its place is drawn from the family's settings (homes, streets, shops …). Every place has a risk of its own,
 *    gamma distributed with shape 0.6 and constant over the years: a few places see much, most see little.
 * 4. Families with near repeats are self-exciting: each incident has Poisson(n) follow-ups, exponentially later
 *    (mean 4 days, cut at 21) and Gaussian close by (120 m; three in ten at the same place).
 * 5. Some families have sprees: 3 to 7 incidents, some 2 days apart, Gaussian around a place (130 m), within two hours of
 *    one hour of the day.
 * 6. Where a type has ways (target, entry, object), a near repeat keeps that of the first with 0.6, a spree with 0.85.
 * 7. A share is discovered by patrols, a share comes from alarms; the rest from citizens.
 */
export interface GeneratedIncident {
  readonly externalId: string
  readonly at: Instant
  readonly typeCode: string
  readonly origin: 'citizen' | 'patrol' | 'alarm'
  readonly lon: number
  readonly lat: number
  readonly address: string
  readonly summary: string
  readonly circumstances: readonly string[]
  readonly peopleCount: number | null
  readonly facts: CallFacts | null
  /** The incident that it is a near repeat of, or that began its spree. Truth of the process; no screen shows it. */
  readonly repeats: string | null
}

export const HISTORY_DAYS = 730
const DAY_MS = 86_400_000
/** China keeps one time all the year. */
export const DISTRICT_TIME_ZONE = 'Asia/Shanghai'
const ZONE_OFFSET_MS = 8 * 3_600_000

const REPEAT_MEAN_DAYS = 4
const REPEAT_LIMIT_DAYS = 21
const REPEAT_SPREAD_METRES = 120
const SAME_PLACE_SHARE = 0.3
const RISK_SHAPE = 0.6
const SPREE = { least: 3, most: 7, meanDays: 2, spreadMetres: 130, withinHours: 2 }
const SPREE_MEAN = (SPREE.least + SPREE.most) / 2
const KEPT_BY = { repeat: 0.6, spree: 0.85 }

interface Spot {
  readonly at: Point
  readonly address: string
}

interface Places {
  readonly spots: readonly Spot[]
  /** Running sums of risk, for drawing. */
  readonly sums: Float64Array
}

interface Draft {
  readonly family: Family
  readonly at: Instant
  readonly spot: Spot
  readonly parent: Draft | null
  readonly isOfSpree: boolean
}

/** `until` is rounded down to a whole minute; the history covers the HISTORY_DAYS local days that end there. */
export function generateHistory(
  seed: number,
  town: {
    readonly sketch: Sketch
    readonly land: Land
    readonly addresses: AddressBook
    readonly sites: readonly GeneratedSite[]
    readonly keyPlaces: readonly GeneratedKeyPlace[]
  },
  until: Instant,
): GeneratedIncident[] {
  const chance = chanceFor(seed, 'incidents')
  const end = Math.floor(until / 60_000) * 60_000
  const firstDay = Math.floor((end + ZONE_OFFSET_MS) / DAY_MS) - HISTORY_DAYS
  const sprees = chanceFor(seed, 'sprees')
  const places = layPlaces(chanceFor(seed, 'place risk'), town)
  const drafts: Draft[] = []
  for (let day = firstDay; day <= firstDay + HISTORY_DAYS; day++) {
    const midnight = day * DAY_MS - ZONE_OFFSET_MS
    const weekday = (day + 3) % 7
    const dayOfYear = day % 365.25
    for (const family of FAMILIES) {
      const { nearRepeat = 0, inSprees = 0 } = family
      const perDay = family.perDay * WEEKLY[family.weekly][weekday]! * yearlyFactor(family.yearly, dayOfYear)
      for (let left = drawPoisson(sprees, (perDay * inSprees) / SPREE_MEAN); left > 0; left--)
        drafts.push(
          ...drawSpree(sprees, family, midnight, drawSpot(sprees, places[drawSetting(sprees, family)]), town),
        )
      const expected = perDay * (1 - nearRepeat) * (1 - inSprees)
      for (let left = drawPoisson(chance, expected); left > 0; left--) {
        const hour = chance.weighted(DAILY[family.daily])
        const at = midnight + hour * 3_600_000 + chance.below(60) * 60_000
        const setting = drawSetting(chance, family)
        follow(
          chance,
          { family, at, spot: drawSpot(chance, places[setting]), parent: null, isOfSpree: false },
          town.addresses,
          drafts,
        )
      }
    }
  }
  return number(
    { chance, ofFacts: chanceFor(seed, 'facts') },
    drafts.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at),
  )
}

/** Keeps an incident and all that follows from it. */
function follow(chance: Chance, draft: Draft, addresses: AddressBook, drafts: Draft[]): void {
  drafts.push(draft)
  const { family, at, spot } = draft
  if (!family.nearRepeat) return
  for (let left = drawPoisson(chance, family.nearRepeat); left > 0; left--) {
    const days = -REPEAT_MEAN_DAYS * Math.log(1 - chance.next())
    if (days > REPEAT_LIMIT_DAYS) continue
    const hours = chance.weighted(DAILY[family.daily])
    const later = Math.max(
      at + 1_800_000,
      startOfLocalDay(at + days * DAY_MS) + hours * 3_600_000 + chance.below(60) * 60_000,
    )
    const near = chance.next() < SAME_PLACE_SHARE ? spot : spotNear(chance, spot, addresses)
    follow(chance, { family, at: later, spot: near, parent: draft, isOfSpree: false }, addresses, drafts)
  }
}

function startOfLocalDay(at: number): number {
  return Math.floor((at + ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - ZONE_OFFSET_MS
}

function spotNear(
  chance: Chance,
  spot: Spot,
  addresses: AddressBook,
  spreadMetres = REPEAT_SPREAD_METRES,
): Spot {
  const at = {
    x: spot.at.x + spreadMetres * drawNormal(chance),
    y: spot.at.y + spreadMetres * drawNormal(chance),
  }
  return { at, address: addresses.nearest(at) }
}

/** Somebody who comes back to one place at about one hour for a week or two. All but the first follow from it. */
function drawSpree(
  chance: Chance,
  family: Family,
  midnight: Instant,
  spot: Spot,
  { addresses }: { readonly addresses: AddressBook },
): Draft[] {
  const top = chance.weighted(DAILY[family.daily])
  const count = SPREE.least + chance.below(SPREE.most - SPREE.least + 1)
  const drafts: Draft[] = []
  for (let days = 0; drafts.length < count; days -= SPREE.meanDays * Math.log(1 - chance.next())) {
    const first = drafts[0] ?? null
    const hour = top + SPREE.withinHours * (2 * chance.next() - 1)
    drafts.push({
      family,
      at: midnight + Math.floor(days) * DAY_MS + Math.round(hour * 60) * 60_000,
      spot: first === null ? spot : spotNear(chance, spot, addresses, SPREE.spreadMetres),
      parent: first,
      isOfSpree: true,
    })
  }
  return drafts
}

function number(
  { chance, ofFacts }: { readonly chance: Chance; readonly ofFacts: Chance },
  drafts: readonly Draft[],
): GeneratedIncident[] {
  const idOf = new Map<Draft, string>()
  const wayOf = new Map<Draft, ReturnType<typeof drawWay>>()
  let date = ''
  let ofDay = 0
  return drafts.map((draft): GeneratedIncident => {
    const { family, at, spot, parent, isOfSpree } = draft
    const today = localDay(at)
    ofDay = today === date ? ofDay + 1 : 1
    date = today
    const externalId = `${today}-${String(ofDay).padStart(3, '0')}`
    idOf.set(draft, externalId)
    const way = drawWay(
      ofFacts,
      family.typeCode,
      // At the same minute a spree's first may stand after another of it.
      parent && { way: wayOf.get(parent) ?? null, kept: isOfSpree ? KEPT_BY.spree : KEPT_BY.repeat },
    )
    wayOf.set(draft, way)
    const who = chance.next()
    const alarm = family.fromAlarm ?? 0
    const origin = who < alarm ? 'alarm' : who < alarm + (family.foundByPatrol ?? 0) ? 'patrol' : 'citizen'
    const heavier = drawHeavier(chance, family)
    return {
      externalId,
      at,
      typeCode: family.typeCode,
      origin,
      ...toPosition(spot.at),
      address: spot.address,
      summary: chance.pick(family.words).replace('@', `${spot.address}，`),
      circumstances: heavier?.circumstances ?? [],
      peopleCount: heavier?.peopleCount ?? null,
      facts: factsOf(ofFacts, way),
      repeats: parent ? (idOf.get(parent) ?? null) : null,
    }
  })
}

/** `YYYYMMDD` on the district's clock, whose offset never changes. */
function localDay(at: Instant): string {
  return new Date(at + ZONE_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

function drawHeavier(chance: Chance, family: Family) {
  for (const form of family.heavier ?? []) if (chance.next() < form.share) return form
  return null
}

function drawSetting(chance: Chance, family: Family): Setting {
  const settings = Object.keys(family.settings) as Setting[]
  return settings[chance.weighted(settings.map((setting) => family.settings[setting]!))]!
}

function drawSpot(chance: Chance, places: Places): Spot {
  const draw = chance.next() * places.sums.at(-1)!
  let low = 0
  let high = places.sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (places.sums[middle]! > draw) high = middle
    else low = middle + 1
  }
  return places.spots[low]!
}

/** All places of each setting with their risk. */
function layPlaces(
  chance: Chance,
  { sketch, land, addresses, sites, keyPlaces }: Parameters<typeof generateHistory>[1],
): Record<Setting, Places> {
  const weigh = (candidates: readonly { at: Point; weight: number; address?: string }[]): Places => {
    let sum = 0
    const sums = new Float64Array(candidates.length)
    candidates.forEach(({ weight }, i) => {
      sum += weight * drawGamma(chance, RISK_SHAPE)
      sums[i] = sum
    })
    return {
      spots: candidates.map(({ at, address }) => ({ at, address: address ?? addresses.nearest(at) })),
      sums,
    }
  }
  const homes = land.buildings
    .filter(({ use }) => use === 'residential')
    .map(({ ring }) => ({ at: middleOf(ring), weight: 1 }))
  const works = land.buildings
    .filter(({ use }) => use === 'industrial')
    .map(({ ring }) => ({ at: middleOf(ring), weight: 1 }))
  const traffic = {
    trunk: 3,
    primary: 4,
    secondary: 2.5,
    tertiary: 1.3,
    unclassified: 0.5,
    residential: 0.35,
    living_street: 0.08,
    service: 0.05,
  }
  const seen = new Map<number, number>()
  for (const { from, to, road } of sketch.segments) {
    for (const node of [from, to])
      seen.set(node, (seen.get(node) ?? 0) + traffic[sketch.roads[road]!.highway])
  }
  const streets = [...seen].map(([node, weight]) => ({
    at: sketch.nodes[node]!,
    weight: weight * Math.exp(-Math.hypot(sketch.nodes[node]!.x, sketch.nodes[node]!.y) / 3500),
  }))
  const inTrade = (trades: readonly string[], weight: number) =>
    sites
      .filter(({ trade }) => trades.includes(trade))
      .map(({ at, name, address }) => ({ at, weight, address: `${address}${name}` }))
  const shops = [
    ...land.buildings
      .filter(({ use }) => use === 'commercial')
      .map(({ ring }) => ({ at: middleOf(ring), weight: 1 })),
    ...inTrade(['mall'], 12),
    ...inTrade(['jewellery', 'second-hand', 'pawn', 'cinema', 'courier', 'hotel'], 2),
  ]
  const nightSpots = [
    ...inTrade(['karaoke', 'bar'], 4),
    ...inTrade(['bathhouse', 'massage', 'internet-cafe', 'games-arcade'], 1.5),
    ...inTrade(['hotel'], 1),
    { at: keyPlaces.find(({ name }) => name === '鼓楼夜市')!.at, weight: 14, address: '鼓楼夜市' },
  ]
  const around = (at: Point, reach: number, count: number, weight: number, address: string) =>
    Array.from({ length: count }, () => ({
      at: { x: at.x + reach * drawNormal(chance), y: at.y + reach * drawNormal(chance) },
      weight,
      address,
    }))
  const busy = keyPlaces.flatMap(({ at, radiusMetres, name }) =>
    around(at, radiusMetres / 2.5, 12, name.includes('站前') ? 3 : 1.2, name),
  )
  const schools = land.lots
    .filter(({ use }) => use === 'school' || use === 'college')
    .map(({ block, name }) => ({ at: block.centre, weight: 1, ...(name ? { address: name } : {}) }))
  return {
    home: weigh(homes),
    works: weigh(works),
    street: weigh(streets),
    shop: weigh(shops),
    'night-spot': weigh(nightSpots),
    busy: weigh(busy),
    school: weigh(schools),
    water: weigh(RIVER.slice(25, 90).map((at) => ({ at, weight: 1, address: '青沙河边' }))),
  }
}

function middleOf(ring: readonly Point[]): Point {
  return {
    x: ring.reduce((sum, p) => sum + p.x, 0) / ring.length,
    y: ring.reduce((sum, p) => sum + p.y, 0) / ring.length,
  }
}

/** Knuth's method; the means here are small. */
export function drawPoisson(chance: Chance, mean: number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = chance.next(); product > limit; product *= chance.next()) count++
  return count
}

/** Box and Muller. */
export function drawNormal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())
}

/** Marsaglia and Tsang 2000, with their boost for shapes below 1. Scale 1. */
export function drawGamma(chance: Chance, shape: number): number {
  if (shape < 1) return drawGamma(chance, shape + 1) * (1 - chance.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(chance)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - chance.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
