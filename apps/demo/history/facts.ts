import type { Chance } from '../../../foundation/core/chance.ts'
import type { CallFact, CallFacts } from '../../../capabilities/incident/core/index.ts'

type Way = readonly [share: number, target: string, entry: string, object: string]

/** How it is done, by type, each way with its share. Invented; an agency's mapping gives its own codes. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  '0108': [
    [4, 'home', 'door-forced', 'cash'],
    [3, 'home', 'window', 'jewellery'],
    [2, 'home', 'window', 'electronics'],
    [2, 'home', 'lock-picked', 'jewellery'],
    [2, 'home', 'unlocked', 'cash'],
    [1, 'villa', 'lock-picked', 'jewellery'],
    [2, 'shop', 'shutter', 'tobacco-liquor'],
    [1, 'shop', 'shutter', 'cash'],
  ],
  '0109': [
    [4, 'parked-outdoors', 'lock-cut', 'motorcycle'],
    [2, 'parked-in-yard', 'hot-wired', 'motorcycle'],
    [2, 'parked-outdoors', 'carried-off', 'tricycle'],
    [1, 'parked-in-yard', 'lock-cut', 'tricycle'],
  ],
  '0110': [
    [4, 'parked-outdoors', 'lock-cut', 'e-bike'],
    [3, 'parked-outdoors', 'battery-pried', 'e-bike-battery'],
    [2, 'bicycle-shed', 'battery-pried', 'e-bike-battery'],
    [2, 'bicycle-shed', 'lock-cut', 'e-bike'],
    [3, 'shop', 'shoplifting', 'goods'],
    [2, 'shop', 'sneaked', 'phone'],
    [1, 'person', 'sneaked', 'phone'],
  ],
  '0111': [
    [2, 'passenger', 'bag-slit', 'wallet'],
    [3, 'passenger', 'pocket', 'phone'],
    [2, 'shopper', 'bag-slit', 'wallet'],
    [3, 'shopper', 'pocket', 'phone'],
  ],
}

/** One circumstance in seven is not known. */
const KNOWN_SHARE = 0.86

/** The way of an incident; what follows on another is done in its way with the share `kept`. */
export function drawWay(
  chance: Chance,
  typeCode: string,
  earlier: { readonly way: Way | null; readonly kept: number } | null,
): Way | null {
  const ways = WAYS[typeCode]
  if (ways === undefined) return null
  const own = ways[chance.weighted(ways.map(([share]) => share))]!
  return earlier?.way && chance.next() < earlier.kept ? earlier.way : own
}

/** What of it is known, as codes. */
export function factsOf(chance: Chance, way: Way | null): CallFacts | null {
  if (way === null) return null
  const [, target, entry, object] = way
  const known = Object.entries({ target, entry, object } satisfies Record<CallFact, string>).filter(
    () => chance.next() < KNOWN_SHARE,
  )
  return known.length > 0 ? Object.fromEntries(known) : null
}
