import type { Point } from './frame.ts'
import {
  AVENUES,
  bend,
  COLUMNS,
  latticeX,
  latticeY,
  MARGIN_METRES,
  ROWS,
  STREETS,
  type MainRoad,
} from './plan.ts'
import type { Sketch } from './sketch.ts'
import { inCell, type Cell } from './superblocks.ts'

/** The ring, the avenues and the streets between the superblocks, and the roads out of the town. */
export function drawMainRoads(sketch: Sketch, cells: readonly (readonly Cell[])[]): void {
  const corners = new Map<string, number>()
  const cornerNode = (column: number, row: number): number => {
    const key = `${column},${row}`
    const known = corners.get(key)
    if (known !== undefined) return known
    const node = sketch.addNode(bend({ x: latticeX(column), y: latticeY(row) }))
    corners.set(key, node)
    return node
  }
  const drawLine = (
    road: MainRoad,
    name: string,
    at: (i: number) => number,
    sharesOf: (i: number) => number[],
    place: (i: number, share: number) => Point,
    from: number,
    to: number,
    remember: (i: number, share: number, node: number) => void,
  ) => {
    const id = sketch.addRoad({
      name,
      highway: road.highway,
      oneway: false,
      speedKilometresPerHour: road.speedKilometresPerHour,
    })
    for (let i = from; i < to; i++) {
      let last = at(i)
      for (const share of sharesOf(i)) {
        const node = sketch.addNode(place(i, share))
        remember(i, share, node)
        sketch.addSegment(last, node, id, true)
        last = node
      }
      sketch.addSegment(last, at(i + 1), id, true)
    }
  }

  AVENUES.forEach((avenue, column) => {
    const west = (row: number) => cells[row]?.[column - 1]
    const east = (row: number) => cells[row]?.[column]
    drawLine(
      avenue,
      avenue.name,
      (row) => cornerNode(column, row),
      (row) => merged(west(row)?.along ?? [], east(row)?.along ?? []),
      (row, share) => inCell(column, row, 0, share),
      0,
      ROWS,
      (row, share, node) => {
        west(row)?.border.east.set(share, node)
        east(row)?.border.west.set(share, node)
      },
    )
    if (!avenue.radial) return
    const road = sketch.addRoad({
      name: avenue.radialName!,
      highway: 'primary',
      oneway: false,
      speedKilometresPerHour: 70,
    })
    drawRadial(sketch, road, cornerNode(column, 0), (share) =>
      bend({ x: latticeX(column), y: latticeY(0) - share * MARGIN_METRES }),
    )
    drawRadial(sketch, road, cornerNode(column, ROWS), (share) =>
      bend({ x: latticeX(column), y: latticeY(ROWS) + share * MARGIN_METRES }),
    )
  })
  STREETS.forEach((street, row) => {
    const south = (column: number) => cells[row - 1]?.[column]
    const north = (column: number) => cells[row]?.[column]
    drawLine(
      street,
      street.name,
      (column) => cornerNode(column, row),
      (column) => merged(south(column)?.across ?? [], north(column)?.across ?? []),
      (column, share) => inCell(column, row, share, 0),
      0,
      COLUMNS,
      (column, share, node) => {
        south(column)?.border.north.set(share, node)
        north(column)?.border.south.set(share, node)
      },
    )
    if (!street.radial) return
    const road = sketch.addRoad({
      name: street.radialName!,
      highway: 'primary',
      oneway: false,
      speedKilometresPerHour: 70,
    })
    drawRadial(sketch, road, cornerNode(0, row), (share) =>
      bend({ x: latticeX(0) - share * MARGIN_METRES, y: latticeY(row) }),
    )
    drawRadial(sketch, road, cornerNode(COLUMNS, row), (share) =>
      bend({ x: latticeX(COLUMNS) + share * MARGIN_METRES, y: latticeY(row) }),
    )
  })
}

function drawRadial(sketch: Sketch, road: number, from: number, at: (share: number) => Point): void {
  let last = from
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const node = sketch.addNode(at(share))
    sketch.addSegment(last, node, road, true)
    last = node
  }
}

function merged(one: readonly number[], two: readonly number[]): number[] {
  return [...new Set([...one, ...two])].sort((a, b) => a - b)
}
