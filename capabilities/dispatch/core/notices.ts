import { isFree, type CandidateUnit } from './candidate.ts'

/** Setting `notice-policy`: who hears of a new incident first, and when the group does. */
export interface NoticePolicy {
  readonly nearestUnits: number
  readonly withinSeconds: number
  readonly groupChannelDelaySeconds: number
}

export const DEFAULT_NOTICE_POLICY: NoticePolicy = {
  nearestUnits: 4,
  withinSeconds: 600,
  groupChannelDelaySeconds: 30,
}

/**
 * The free units told before the group: the nearest by travel time, within the limit, nearest first.
 * A position older than `expiredAfterSeconds` says nothing about who is near.
 */
export function toldFirst(
  units: readonly CandidateUnit[],
  { nearestUnits, withinSeconds }: NoticePolicy,
  expiredAfterSeconds: number,
): readonly { readonly unitId: string; readonly callSign: string; readonly travelSeconds: number }[] {
  return units
    .flatMap((unit) =>
      isFree(unit) &&
      (unit.positionAgeSeconds ?? Infinity) <= expiredAfterSeconds &&
      unit.travel &&
      unit.travel.seconds <= withinSeconds
        ? { unitId: unit.unitId, callSign: unit.callSign, travelSeconds: Math.round(unit.travel.seconds) }
        : [],
    )
    .toSorted((a, b) => a.travelSeconds - b.travelSeconds || (a.unitId < b.unitId ? -1 : 1))
    .slice(0, nearestUnits)
}
