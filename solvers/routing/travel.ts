import type { Position } from '../../foundation/core/geo.ts'
import { distanceMetres } from '../../foundation/core/geo.ts'
import type { TravelAssumptions } from './profile.ts'

/** Whether a figure was driven on the road network or guessed from the straight line. */
export type TravelBasis = 'road' | 'straight-line'

export interface Travel {
  readonly basis: TravelBasis
  readonly seconds: number
  readonly metres: number
}

/** The guess without roads: the straight line, lengthened by the detour factor, at one speed. */
export function straightTravel(from: Position, to: Position, assumptions: TravelAssumptions): Travel {
  const metres = distanceMetres(from, to) * assumptions.detourFactor
  return {
    basis: 'straight-line',
    seconds: metres / (assumptions.straightLineKilometresPerHour / 3.6),
    metres,
  }
}
