import type { Chance } from '../../../foundation/core/chance.ts'
import type { CallFact, CallFacts } from '../../../capabilities/incident/core/index.ts'

/** How often each code of target, entry and object is met, by type. Invented; an agency's mapping gives its own codes. */
const FACTS: Readonly<Record<string, Readonly<Record<CallFact, Readonly<Record<string, number>>>>>> = {
  '0108': {
    target: { home: 7, villa: 1, shop: 2 },
    entry: { 'door-forced': 3, window: 3, 'lock-picked': 2, unlocked: 2, shutter: 1 },
    object: { cash: 4, jewellery: 3, electronics: 2, 'tobacco-liquor': 1 },
  },
  '0109': {
    target: { 'parked-outdoors': 6, 'parked-in-yard': 3 },
    entry: { 'lock-cut': 4, 'hot-wired': 3, 'carried-off': 2 },
    object: { motorcycle: 5, tricycle: 4 },
  },
  '0110': {
    target: { 'parked-outdoors': 4, 'bicycle-shed': 3, shop: 3, person: 1 },
    entry: { 'lock-cut': 3, 'battery-pried': 3, shoplifting: 3, sneaked: 2 },
    object: { 'e-bike': 3, 'e-bike-battery': 3, goods: 3, phone: 2 },
  },
  '0111': {
    target: { passenger: 4, shopper: 5 },
    entry: { 'bag-slit': 3, pocket: 6 },
    object: { wallet: 4, phone: 6 },
  },
}

/** One in seven is not known. */
const KNOWN_SHARE = 0.86

/** What follows on something keeps each circumstance of it with the share `kept`. */
export function drawFacts(
  chance: Chance,
  typeCode: string,
  earlier: { readonly facts: CallFacts | null; readonly kept: number } | null,
): CallFacts | null {
  const table = FACTS[typeCode]
  if (table === undefined) return null
  const drawn = Object.entries(table).map(([name, shares]) => {
    const codes = Object.keys(shares)
    const own = codes[chance.weighted(Object.values(shares))]!
    const [keeps, isKnown] = [chance.next(), chance.next() < KNOWN_SHARE]
    const before = earlier?.facts?.[name as CallFact]
    const code = before !== undefined && keeps < earlier!.kept ? before : own
    return [name, isKnown ? code : null] as const
  })
  const known = drawn.filter(([, code]) => code !== null)
  return known.length > 0 ? Object.fromEntries(known) : null
}
