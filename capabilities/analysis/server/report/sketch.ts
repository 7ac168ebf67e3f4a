import type { Position } from '../../../../foundation/core/geo.ts'
import { boundsOf, destination } from '../../../../foundation/core/geo.ts'
import { ALARM, FAINT, INK, RULE, type Pdf } from '../../../../foundation/server/pdf/sheet.ts'
import { eastMetres, northMetres, planeAt } from '../../../../solvers/density/plane.ts'

/** What a sketch shows: stops with their rank, and circles such as those of series. */
export interface Sketch {
  readonly stops: readonly { readonly rank: number; readonly position: Position; readonly weight: number }[]
  readonly radiusMetres: number
  readonly circles: readonly { readonly middle: Position; readonly radiusMetres: number }[]
}

const VIOLET = '#6d3fc0'
const PADDING = 14
const LEAST_DOT = 5.5

/**
 * Draws positions to scale in a frame, north up, without any map below: a sketch says where things lie to each other.
 * `within` is what all sketches of a page show, so that they can be laid side by side.
 */
export function drawSketch(
  pdf: Pdf,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { stops, radiusMetres, circles }: Sketch,
  within: readonly Position[],
): void {
  pdf.rect(at.x, at.y, at.width, at.height).lineWidth(0.6).strokeColor(RULE).stroke()
  const bounds = boundsOf(within)
  if (!bounds) return
  const middle = { lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 }
  const plane = planeAt(middle)
  const reach = 3 * radiusMetres
  const span = (from: number, to: number) => Math.max(to - from + reach, 300)
  const scale = Math.min(
    (at.width - 2 * PADDING) / span(eastMetres(plane, bounds.west), eastMetres(plane, bounds.east)),
    (at.height - 2 * PADDING) / span(northMetres(plane, bounds.south), northMetres(plane, bounds.north)),
  )
  const x = ({ lon }: Position) => at.x + at.width / 2 + eastMetres(plane, lon) * scale
  const y = ({ lat }: Position) => at.y + at.height / 2 - northMetres(plane, lat) * scale
  pdf.save()
  pdf.rect(at.x, at.y, at.width, at.height).clip()
  for (const circle of circles)
    pdf
      .circle(x(circle.middle), y(circle.middle), Math.max(LEAST_DOT, circle.radiusMetres * scale))
      .dash(3, { space: 2 })
      .lineWidth(1)
      .strokeColor(VIOLET)
      .stroke()
      .undash()
  // The first in rank lie on top.
  for (const { rank, position, weight } of [...stops].sort((a, b) => b.rank - a.rank)) {
    const radius = Math.max(LEAST_DOT, radiusMetres * scale)
    pdf
      .circle(x(position), y(position), radius)
      .fillOpacity(0.25 + 0.6 * weight)
      .fillColor('#f0b9b9')
      .fill()
      .fillOpacity(1)
    pdf.circle(x(position), y(position), radius).lineWidth(0.8).strokeColor(ALARM).stroke()
    pdf.font('bold').fontSize(6.5).fillColor(INK)
    pdf.text(String(rank), x(position) - 10, y(position) - 4.2, {
      width: 20,
      align: 'center',
      lineBreak: false,
    })
  }
  pdf.restore()
  drawScale(pdf, at, middle, (position) => x(position))
}

const STEPS = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]

/** The longest round distance that takes at most a third of the width, and north. */
function drawScale(
  pdf: Pdf,
  at: { x: number; y: number; width: number; height: number },
  middle: Position,
  x: (position: Position) => number,
): void {
  const pointsOf = (metres: number) => x(destination(middle, 90, metres)) - x(middle)
  const metres = STEPS.filter((step) => pointsOf(step) <= at.width / 3).at(-1) ?? STEPS[0]!
  const [left, bottom] = [at.x + 8, at.y + at.height - 8]
  pdf
    .moveTo(left, bottom - 4)
    .lineTo(left, bottom)
    .lineTo(left + pointsOf(metres), bottom)
    .lineTo(left + pointsOf(metres), bottom - 4)
    .lineWidth(0.8)
    .strokeColor(INK)
    .stroke()
  pdf.font('regular').fontSize(6.5).fillColor(FAINT)
  pdf.text(metres < 1_000 ? `${metres} m` : `${metres / 1_000} km`, left + 3, bottom - 11, {
    lineBreak: false,
  })
  const [right, top] = [at.x + at.width - 12, at.y + 8]
  pdf
    .moveTo(right, top)
    .lineTo(right + 4, top + 12)
    .lineTo(right, top + 9)
    .lineTo(right - 4, top + 12)
    .closePath()
    .fillColor(FAINT)
    .fill()
}
