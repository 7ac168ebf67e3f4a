import type { Chance } from '../../../foundation/core/chance.ts'
import type { AddressBook } from './addresses.ts'
import { centroid, chanceFor, spanMetres, type Point } from './frame.ts'
import type { Land } from './land.ts'
import { STATION_NAME } from './land.ts'
import { personNames, shopNames } from './names.ts'
import { bend, latticeX, latticeY } from './plan.ts'
import type { Highway } from './sketch.ts'

export type SiteClass = 'residential' | 'venue' | 'key-unit'

/** A must-inspect site (必查单位). */
export interface GeneratedSite {
  readonly class: SiteClass
  readonly trade: string
  readonly name: string
  readonly at: Point
  readonly address: string
  readonly contact: string
  readonly phone: string
}

/** A place that must not stay without a unit for longer than its limit. Hours on the district's clock, end excluded. */
export interface GeneratedKeyPlace {
  readonly name: string
  readonly at: Point
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitSeconds: number
  readonly activeHours: readonly { readonly fromHour: number; readonly untilHour: number }[]
}

interface Trade {
  readonly trade: string
  readonly tail: string
  readonly count: number
}

/** 132 venues (场所行业). */
const VENUES: readonly Trade[] = [
  { trade: 'hotel', tail: '宾馆', count: 18 },
  { trade: 'hotel', tail: '快捷酒店', count: 8 },
  { trade: 'internet-cafe', tail: '网咖', count: 14 },
  { trade: 'karaoke', tail: 'KTV', count: 10 },
  { trade: 'bar', tail: '酒吧', count: 6 },
  { trade: 'bathhouse', tail: '洗浴中心', count: 9 },
  { trade: 'massage', tail: '足浴店', count: 8 },
  { trade: 'games-arcade', tail: '电玩城', count: 3 },
  { trade: 'pawn', tail: '典当行', count: 3 },
  { trade: 'jewellery', tail: '金店', count: 6 },
  { trade: 'courier', tail: '快递', count: 14 },
  { trade: 'car-repair', tail: '汽修厂', count: 9 },
  { trade: 'scrap', tail: '废品收购站', count: 7 },
  { trade: 'locksmith', tail: '开锁服务部', count: 4 },
  { trade: 'seal-engraving', tail: '印章刻制社', count: 3 },
  { trade: 'second-hand', tail: '二手手机店', count: 5 },
  { trade: 'mall', tail: '购物广场', count: 3 },
  { trade: 'cinema', tail: '影城', count: 2 },
]

/** 42 key units (重点单位): water, power, oil and gas. */
const KEY_UNITS: readonly Trade[] = [
  { trade: 'filling-station', tail: '加油站', count: 14 },
  { trade: 'gas-filling-station', tail: '加气站', count: 4 },
  { trade: 'oil-depot', tail: '油库', count: 1 },
  { trade: 'gas-regulator', tail: '燃气调压站', count: 5 },
  { trade: 'substation', tail: '变电站', count: 9 },
  { trade: 'power-office', tail: '供电所', count: 3 },
  { trade: 'waterworks', tail: '自来水厂', count: 2 },
  { trade: 'pumping-station', tail: '供水加压站', count: 4 },
]

const MALL_NAMES = ['万汇购物广场', '新玛特购物广场', '金鼎购物广场']
const SHOPPING: Partial<Record<Highway, number>> = {
  primary: 1.2,
  secondary: 1.5,
  tertiary: 1,
  residential: 0.35,
}

/** Shops crowd around the middle of the town. */
const shopWeight = (highway: Highway, at: Point): number =>
  (SHOPPING[highway] ?? 0) * Math.exp(-((Math.hypot(at.x - 100, at.y - 100) / 1700) ** 2))
/** Pumps and depots stand on the big roads, away from the middle. */
const worksWeight = (highway: Highway, at: Point): number =>
  highway === 'trunk' || highway === 'primary' || highway === 'secondary'
    ? 0.2 + Math.min(1, Math.hypot(at.x, at.y) / 2500)
    : 0

/** The 206 must-inspect sites: 32 compounds, 132 venues, 42 key units. */
export function placeSites(seed: number, land: Land, addresses: AddressBook): GeneratedSite[] {
  const chance = chanceFor(seed, 'sites')
  const nameOf = shopNames(chanceFor(seed, 'shop names'))
  const personOf = personNames(chanceFor(seed, 'contacts'))
  const contact = () => ({ contact: personOf(), phone: inventedPhone(chance) })
  const compounds = land.compounds.map(({ name, lot }): GeneratedSite => ({
    class: 'residential',
    trade: 'compound',
    name,
    at: lot.block.centre,
    address: addresses.nearest(lot.block.centre),
    ...contact(),
  }))
  const venues = VENUES.flatMap(({ trade, tail, count }) =>
    Array.from({ length: count }, (_, i): GeneratedSite => {
      const { at, address } = addresses.frontage(chance, shopWeight)
      return {
        class: 'venue',
        trade,
        name: trade === 'mall' ? MALL_NAMES[i]! : nameOf(tail),
        at,
        address,
        ...contact(),
      }
    }),
  )
  const works: { at: Point }[] = []
  const keyUnits = KEY_UNITS.flatMap(({ trade, tail, count }) =>
    Array.from({ length: count }, (_, i): GeneratedSite => {
      let spot = addresses.frontage(chance, worksWeight)
      for (
        let attempt = 0;
        attempt < 20 && works.some((other) => spanMetres(other.at, spot.at) < 250);
        attempt++
      )
        spot = addresses.frontage(chance, worksWeight)
      works.push(spot)
      const name =
        count === 1 ? `颍宁${tail}` : trade === 'waterworks' ? `第${'一二'[i]}${tail}` : `${spot.road}${tail}`
      return { class: 'key-unit', trade, name, at: spot.at, address: spot.address, ...contact() }
    }),
  )
  return [...compounds, ...venues, ...distinctNames(keyUnits)]
}

/** Two stations on one road become the first and the second. */
function distinctNames(sites: readonly GeneratedSite[]): GeneratedSite[] {
  const count = new Map<string, number>()
  return sites.map((site) => {
    const earlier = count.get(site.name) ?? 0
    count.set(site.name, earlier + 1)
    return earlier === 0
      ? site
      : { ...site, name: `${site.name}（${'二三四五六七八'[earlier - 1] ?? earlier + 1}号）` }
  })
}

/** No area code is 0000: no real telephone rings. */
function inventedPhone(chance: Chance): string {
  return `0000-${String(chance.below(10_000_000)).padStart(7, '0')}`
}

const ALL_DAY = [{ fromHour: 0, untilHour: 24 }]
const BUSY_HOURS = [{ fromHour: 9, untilHour: 22 }]

/** Where presence is required (operations reference: railway station, busy streets). */
export function placeKeyPlaces(land: Land): GeneratedKeyPlace[] {
  const lotAt = (name: string): Point => {
    const lot = land.lots.find((each) => each.name === name)
    return lot ? lot.block.centre : centroid(land.stationBuilding)
  }
  const cross = (column: number, row: number): Point => bend({ x: latticeX(column), y: latticeY(row) })
  return [
    {
      name: `${STATION_NAME}站前广场`,
      at: { x: land.stationAt.x, y: land.stationAt.y - 90 },
      radiusMetres: 220,
      requiredUnits: 1,
      limitSeconds: 900,
      activeHours: ALL_DAY,
    },
    {
      name: '长途汽车站',
      at: lotAt('长途汽车站'),
      radiusMetres: 180,
      requiredUnits: 1,
      limitSeconds: 1800,
      activeHours: [{ fromHour: 6, untilHour: 21 }],
    },
    {
      name: '人民路商业街',
      at: cross(3, 2),
      radiusMetres: 320,
      requiredUnits: 1,
      limitSeconds: 1200,
      activeHours: BUSY_HOURS,
    },
    {
      name: '人民广场',
      at: lotAt('人民广场'),
      radiusMetres: 200,
      requiredUnits: 1,
      limitSeconds: 1800,
      activeHours: [{ fromHour: 17, untilHour: 23 }],
    },
    {
      name: '鼓楼夜市',
      at: cross(3, 3),
      radiusMetres: 260,
      requiredUnits: 1,
      limitSeconds: 1200,
      activeHours: [
        { fromHour: 18, untilHour: 24 },
        { fromHour: 0, untilHour: 2 },
      ],
    },
    {
      name: '市中心医院',
      at: lotAt('市中心医院'),
      radiusMetres: 180,
      requiredUnits: 1,
      limitSeconds: 2700,
      activeHours: [{ fromHour: 7, untilHour: 22 }],
    },
    {
      name: '颍宁市第一中学',
      at: lotAt('颍宁市第一中学'),
      radiusMetres: 160,
      requiredUnits: 1,
      limitSeconds: 1800,
      activeHours: [
        { fromHour: 6, untilHour: 8 },
        { fromHour: 16, untilHour: 19 },
      ],
    },
  ]
}

/** Names that a dispatcher may type: streets, landmarks, villages come from the town, and these from its crossings. */
export interface GeneratedPlaceName {
  readonly name: string
  readonly kind: 'street' | 'landmark' | 'village' | 'crossing' | 'compound' | 'bridge'
  readonly at: Point
}
