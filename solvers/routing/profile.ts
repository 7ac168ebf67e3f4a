/**
 * The road classes a car may use, in the words of OpenStreetMap's `highway` key, most important first.
 * The order is the code in a stored graph: add at the end only.
 */
export const ROAD_CLASSES = [
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
  'tertiary',
  'tertiary_link',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'road',
] as const
export type RoadClass = (typeof ROAD_CLASSES)[number]

export function isRoadClass(text: string): text is RoadClass {
  return (ROAD_CLASSES as readonly string[]).includes(text)
}

/**
 * Typical driving speed by class in km/h, stops included: the car profile of OSRM (profiles/car.lua), so that
 * an estimate can be compared with what others compute from the same map.
 */
export const DEFAULT_SPEED_KILOMETRES_PER_HOUR: Readonly<Record<RoadClass, number>> = {
  motorway: 90,
  motorway_link: 45,
  trunk: 85,
  trunk_link: 40,
  primary: 65,
  primary_link: 30,
  secondary: 55,
  secondary_link: 25,
  tertiary: 40,
  tertiary_link: 20,
  unclassified: 25,
  residential: 25,
  living_street: 10,
  service: 15,
  road: 25,
}

/** What is driven of a posted limit on average; OSRM's `speed_reduction`. */
export const SHARE_OF_POSTED_LIMIT = 0.8

/** What the estimate assumes where no road is known. All of it is shown beside the figure. */
export interface TravelAssumptions {
  /** Speed over the straight line when there is no road network, and the road is longer than the line by… */
  readonly straightLineKilometresPerHour: number
  /** …this factor (1.2 to 1.4 in towns: Ballou, Rahardja & Sakai 2002, Transportation Research A 36). */
  readonly detourFactor: number
  /** Speed between a position and the nearest point on a road: yards, squares, car parks. */
  readonly accessKilometresPerHour: number
  /** A position farther from any road than this is not on the network. */
  readonly reachMetres: number
  /** How much farther the connected network may be than a stray road before the stray road is taken. */
  readonly preferConnectedMetres: number
}

export const DEFAULT_ASSUMPTIONS: TravelAssumptions = {
  straightLineKilometresPerHour: 30,
  detourFactor: 1.3,
  accessKilometresPerHour: 15,
  reachMetres: 1500,
  preferConnectedMetres: 500,
}
