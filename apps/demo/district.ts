import type { Instant } from '../../foundation/core/instant.ts'
import { raiseForce, type GeneratedForce } from './force.ts'
import { generateHistory, type GeneratedIncident } from './history/process.ts'
import { keepAddressBook } from './town/addresses.ts'
import { findBlocks } from './town/blocks.ts'
import { settleLand, type Land } from './town/land.ts'
import { placeKeyPlaces, placeSites, type GeneratedKeyPlace, type GeneratedSite } from './town/places.ts'
import { drawStreets } from './town/streets.ts'
import type { Village } from './town/villages.ts'
import type { Sketch } from './town/sketch.ts'

export const DISTRICT_NAME_ZH = '颍宁市青河区'
export const DISTRICT_NAME_EN = 'Qinghe District, Yingning'

export interface GeneratedDistrict {
  readonly seed: number
  readonly sketch: Sketch
  readonly villages: readonly Village[]
  readonly land: Land
  readonly sites: readonly GeneratedSite[]
  readonly keyPlaces: readonly GeneratedKeyPlace[]
  readonly force: GeneratedForce
  readonly history: readonly GeneratedIncident[]
}

/** The demonstration district of a seed, with two years of incidents that end at `until`. The same seed and moment give the same district. */
export function generateDistrict({ seed, until }: { seed: number; until: Instant }): GeneratedDistrict {
  const { sketch, villages } = drawStreets(seed)
  const land = settleLand(seed, findBlocks(sketch), villages)
  const addresses = keepAddressBook(sketch)
  const sites = placeSites(seed, land, addresses)
  const keyPlaces = placeKeyPlaces(land)
  const force = raiseForce(seed, addresses)
  const history = generateHistory(seed, { sketch, land, addresses, sites, keyPlaces }, until)
  return { seed, sketch, villages, land, sites, keyPlaces, force, history }
}
