import type { Point } from './frame.ts'
import type { Highway } from './sketch.ts'

/**
 * The plan of the town: a lattice of named main roads around 30 superblocks of about 850 m, a river from north to
 * south through the second column, a railway from west to east through the top row, and countryside around.
 */
export const CELL_METRES = 850
export const COLUMNS = 6
export const ROWS = 5
/** How far the countryside reaches beyond the ring road. */
export const MARGIN_METRES = 1500

export interface MainRoad {
  readonly name: string
  readonly highway: Highway
  readonly speedKilometresPerHour: number
  /** It goes on beyond the ring road, to the edge of the map. */
  readonly radial: boolean
  readonly radialName?: string
}

const ring = (name: string): MainRoad => ({
  name,
  highway: 'trunk',
  speedKilometresPerHour: 60,
  radial: false,
})
const primary = (name: string, radialName: string): MainRoad => ({
  name,
  highway: 'primary',
  speedKilometresPerHour: 60,
  radial: true,
  radialName,
})
const secondary = (name: string): MainRoad => ({
  name,
  highway: 'secondary',
  speedKilometresPerHour: 50,
  radial: false,
})

/** From west to east. */
export const AVENUES: readonly MainRoad[] = [
  ring('环城西路'),
  secondary('文昌路'),
  primary('建设路', '颍高线'),
  secondary('中山路'),
  primary('解放路', '颍柏线'),
  secondary('迎宾路'),
  ring('环城东路'),
]

/** From south to north. */
export const STREETS: readonly MainRoad[] = [
  ring('环城南路'),
  secondary('振兴路'),
  primary('人民路', '清颍线'),
  primary('新华路', '白颍线'),
  secondary('站前大街'),
  ring('环城北路'),
]

export type Character = 'old' | 'centre' | 'residential' | 'industry' | 'park' | 'campus' | 'station'

/** Rows from south to north, columns from west to east; the river runs through the second column. */
export const CHARACTER: readonly (readonly Character[])[] = [
  ['residential', 'residential', 'residential', 'residential', 'industry', 'industry'],
  ['campus', 'residential', 'residential', 'centre', 'residential', 'residential'],
  ['residential', 'residential', 'centre', 'old', 'centre', 'park'],
  ['residential', 'residential', 'park', 'old', 'residential', 'campus'],
  ['industry', 'residential', 'station', 'residential', 'industry', 'industry'],
]

/** Countryside counts as ring row or column −1 and COLUMNS or ROWS. */
export function characterOf(column: number, row: number): Character | 'country' {
  return CHARACTER[row]?.[column] ?? 'country'
}

/** Where the lattice lines lie before the town is bent: index −1 and COLUMNS + 1 are the edges of the map. */
export function latticeX(column: number): number {
  if (column < 0) return latticeX(0) - MARGIN_METRES
  if (column > COLUMNS) return latticeX(COLUMNS) + MARGIN_METRES
  return (column - COLUMNS / 2) * CELL_METRES + [0, 40, -30, 55, -20, 25, 0][column]!
}

export function latticeY(row: number): number {
  if (row < 0) return latticeY(0) - MARGIN_METRES
  if (row > ROWS) return latticeY(ROWS) + MARGIN_METRES
  return (row - ROWS / 2) * CELL_METRES + [0, 35, -25, 40, -45, 0][row]!
}

/** No town is ruled with a straightedge: everything drawn passes through this gentle bend. */
export function bend({ x, y }: Point): Point {
  return {
    x: x + 85 * Math.sin(y / 1300 + 0.7) + 35 * Math.sin(x / 800 + y / 1500),
    y: y + 75 * Math.sin(x / 1500 + 1.9) + 30 * Math.sin(y / 900 - x / 1700),
  }
}

export const RIVER_NAME = '青沙河'
export const RIVER_HALF_WIDTH_METRES = 42
/** The riverside roads keep a green strip between themselves and the bank. */
export const RIVERSIDE_METRES = 85
export const RAILWAY_NAME = '洛颍铁路'

/** The river's centre line from north to south, before the bend. */
export function riverX(y: number): number {
  return latticeX(1) + 0.52 * CELL_METRES + 150 * Math.sin(y / 620 + 0.4) + 60 * Math.sin(y / 270)
}

/** The railway's centre line, before the bend. */
export function railwayY(x: number): number {
  return latticeY(4) + 330 + 40 * Math.sin(x / 2600)
}

function sampled(from: number, to: number, step: number, at: (along: number) => Point): Point[] {
  const count = Math.ceil(Math.abs(to - from) / step)
  return Array.from({ length: count + 1 }, (_, i) => bend(at(from + ((to - from) * i) / count)))
}

export const RIVER: readonly Point[] = sampled(latticeY(ROWS + 1) + 100, latticeY(-1) - 100, 60, (y) => ({
  x: riverX(y),
  y,
}))
export const RAILWAY: readonly Point[] = sampled(
  latticeX(-1) - 100,
  latticeX(COLUMNS + 1) + 100,
  120,
  (x) => ({ x, y: railwayY(x) }),
)

/** The edge of the map, as the bent rectangle of the plan. */
export function districtRing(): Point[] {
  return cellRing(-1, -1, COLUMNS + 1, ROWS + 1)
}

/** The bent outline of a rectangle of lattice cells, from line (column0, row0) to line (column1, row1). Open ring. */
export function cellRing(column0: number, row0: number, column1: number, row1: number): Point[] {
  const ring: Point[] = []
  const corner = (column: number, row: number) => ({ x: latticeX(column), y: latticeY(row) })
  const side = (a: Point, b: Point) => {
    const steps = Math.max(1, Math.round(Math.hypot(a.x - b.x, a.y - b.y) / 200))
    for (let i = 0; i < steps; i++)
      ring.push(bend({ x: a.x + ((b.x - a.x) * i) / steps, y: a.y + ((b.y - a.y) * i) / steps }))
  }
  side(corner(column0, row0), corner(column1, row0))
  side(corner(column1, row0), corner(column1, row1))
  side(corner(column1, row1), corner(column0, row1))
  side(corner(column0, row1), corner(column0, row0))
  return ring
}
