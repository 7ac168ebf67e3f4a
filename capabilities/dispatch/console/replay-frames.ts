import { positionsOfColumn } from '../../location/core/index.ts'
import type { ReplayPage } from '../../location/console/index.tsx'
import type { UnitStatus } from '../../force/core/index.ts'
import type { AssignmentRow } from './dispatch-api.ts'
import type { ReplayedUnit } from './replayed-units-layer.tsx'

/** One unit's way through the whole span, a position or null a frame. */
export interface Column {
  readonly unitId: string
  readonly callSign: string
  readonly pages: readonly {
    readonly from: number
    readonly stepMilliseconds: number
    readonly positions: readonly ({ readonly lon: number; readonly lat: number } | null)[]
  }[]
}

/** Puts the pages of a replay together, one column a unit. */
export function columnsOf(pages: readonly ReplayPage[]): readonly Column[] {
  const columns = new Map<string, { unitId: string; callSign: string; pages: Column['pages'][number][] }>()
  for (const page of pages) {
    for (const unit of page.units) {
      const column = columns.get(unit.unitId) ?? { unitId: unit.unitId, callSign: unit.callSign, pages: [] }
      columns.set(unit.unitId, column)
      column.pages.push({
        from: Date.parse(page.from),
        stepMilliseconds: page.stepSeconds * 1000,
        positions: positionsOfColumn(unit),
      })
    }
  }
  return [...columns.values()]
}

/** Where each unit was at a moment, between the two frames around it, and what it was doing by its orders. */
export function unitsAt(
  columns: readonly Column[],
  assignments: readonly AssignmentRow[],
  at: number,
): readonly ReplayedUnit[] {
  return columns.flatMap(({ unitId, callSign, pages }) => {
    const page = pages.findLast(({ from }) => from <= at)
    if (!page) return []
    const exact = (at - page.from) / page.stepMilliseconds
    const before = page.positions[Math.floor(exact)]
    if (!before) return []
    const after = page.positions[Math.floor(exact) + 1] ?? before
    const share = exact - Math.floor(exact)
    return {
      id: unitId,
      callSign,
      status: statusAt(assignments, unitId, at),
      lon: before.lon + (after.lon - before.lon) * share,
      lat: before.lat + (after.lat - before.lat) * share,
    }
  })
}

const isPast = (moment: string | null, at: number) => moment !== null && Date.parse(moment) <= at

export function statusAt(assignments: readonly AssignmentRow[], unitId: string, at: number): UnitStatus {
  const assignment = assignments.find(
    (each) => each.unitId === unitId && isPast(each.orderedAt, at) && !isPast(each.releasedAt, at),
  )
  if (!assignment) return 'patrolling'
  if (isPast(assignment.arrivedAt, at)) return 'on-scene'
  if (isPast(assignment.departedAt, at)) return 'en-route'
  return assignment.role === 'stand-by' ? 'stand-by' : 'patrolling'
}
