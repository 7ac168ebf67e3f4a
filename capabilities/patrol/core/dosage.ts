import { EARTH_RADIUS_METRES, type Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Occurrence } from './occurrence.ts'
import type { OrderPlace } from './order.ts'
import type { OrderRules } from './order-rules.ts'

/** Where a unit was heard of. An accuracy that is not known is NaN. */
export interface TrackFix extends Position {
  readonly at: Instant
  readonly accuracyMetres: number
}

/** One stay of a unit in a place. `seconds` are those seen in it, without what it was out of it or unheard in between. */
export interface Stay {
  readonly arrivedAt: Instant
  readonly leftAt: Instant
  readonly seconds: number
}

/** What a track tells of a place within a span: seconds add up to the span. */
export interface Presence {
  readonly stays: readonly Stay[]
  readonly insideSeconds: number
  readonly outsideSeconds: number
  /** Nothing was heard, or nothing accurate enough: neither there nor away. */
  readonly unknownSeconds: number
  /** In one of the silences the unit could have driven there, made a visit and driven back. */
  readonly mayHideVisit: boolean
}

export const OUTCOMES = ['upcoming', 'under-way', 'done', 'partly', 'not-done', 'cannot-be-told'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** A stay of a unit during an occurrence. `counts`: long enough to be a visit. */
export interface Visit extends Stay {
  readonly unitId: string
  readonly isAddressed: boolean
  readonly counts: boolean
}

/** What was done of what an occurrence asks. */
export interface Compliance {
  readonly outcome: Outcome
  /** Visits that count, and the seconds of these, of the units that were sent. */
  readonly visits: number
  readonly seconds: number
  /** Visits of units that were not sent. */
  readonly otherVisits: number
  /** Of the span so far that no unit sent can tell of: the least silent one's. */
  readonly unknownSeconds: number
  readonly stays: readonly Visit[]
}

/** No car of ours crosses a town faster, so a silence shorter than the way there and back hides no visit. */
const FASTEST_METRES_PER_SECOND = 20

/** Who only drives past has not been there, and nobody needs to know. */
const LEAST_SHOWN_SECONDS = 60

type Where = 'in' | 'out' | 'unknown'
interface Piece {
  readonly where: Where
  readonly fromAt: Instant
  untilAt: Instant
}

/**
 * What a unit's fixes, in order of time and from a little before the span to a little after it, tell of a place.
 * A unit that is in stays in until a fix lies beyond the border by `borderMetres`; between two fixes on either side of
 * the border the moment of crossing is taken in proportion. Silence longer than `silenceSeconds` is unknown.
 */
export function presenceIn(
  place: OrderPlace,
  fixes: readonly TrackFix[],
  span: { readonly fromAt: Instant; readonly untilAt: Instant },
  rules: OrderRules,
): Presence {
  const pieces = piecesOf(place, fixes, span, rules)
  const secondsOf = (where: Where) =>
    pieces.reduce((sum, piece) => sum + (piece.where === where ? lengthOf(piece) : 0), 0)
  return {
    stays: staysOf(pieces, rules),
    insideSeconds: secondsOf('in'),
    outsideSeconds: secondsOf('out'),
    unknownSeconds: secondsOf('unknown'),
    mayHideVisit: pieces.some((piece) => piece.where === 'unknown' && couldHide(piece, place, fixes, rules)),
  }
}

function piecesOf(
  place: OrderPlace,
  fixes: readonly TrackFix[],
  { fromAt, untilAt }: { readonly fromAt: Instant; readonly untilAt: Instant },
  rules: OrderRules,
): Piece[] {
  const pieces: Piece[] = []
  /** Goes on with the last piece where it is more of the same. */
  const add = (where: Where, begin: Instant, end: Instant) => {
    if (end <= fromAt || begin >= untilAt) return
    const last = pieces.at(-1)
    const piece = { where, fromAt: Math.max(begin, fromAt), untilAt: Math.min(end, untilAt) }
    if (last?.where === where && last.untilAt === piece.fromAt) last.untilAt = piece.untilAt
    else if (piece.untilAt > piece.fromAt) pieces.push(piece)
  }
  let heardAt = -Infinity
  let wasIn = false
  let wasAway = 0
  const beyondBorder = beyondBorderOf(place)
  for (const fix of fixes) {
    if (fix.accuracyMetres > rules.poorAccuracyMetres) continue
    const away = beyondBorder(fix)
    const wasSilent = fix.at - heardAt > rules.silenceSeconds * 1000
    const isIn: boolean = away <= 0 || (wasIn && !wasSilent && away <= rules.borderMetres)
    if (wasSilent) add('unknown', Math.max(heardAt, fromAt), fix.at)
    else if (isIn === wasIn) add(isIn ? 'in' : 'out', heardAt, fix.at)
    else {
      const crossedAt = heardAt + (fix.at - heardAt) * crossing(wasAway, away)
      add(wasIn ? 'in' : 'out', heardAt, crossedAt)
      add(isIn ? 'in' : 'out', crossedAt, fix.at)
    }
    heardAt = fix.at
    wasIn = isIn
    wasAway = away
  }
  add('unknown', Math.max(heardAt, fromAt), untilAt)
  return pieces
}

/**
 * How far outside of a place something is, in metres; below zero inside. On the plane that touches the earth there, true
 * to a thousandth over a town: a minute of a district is some hundred thousand of these.
 */
function beyondBorderOf(place: OrderPlace): (position: Position) => number {
  const metresPerDegree = (EARTH_RADIUS_METRES * Math.PI) / 180
  const metresPerDegreeEast = metresPerDegree * Math.cos((place.lat * Math.PI) / 180)
  return ({ lon, lat }) => {
    const east = (lon - place.lon) * metresPerDegreeEast
    const north = (lat - place.lat) * metresPerDegree
    return Math.sqrt(east * east + north * north) - place.radiusMetres
  }
}

/** The share of the way between two fixes at which the border lies; the middle where both are on one side of it. */
function crossing(before: number, after: number): number {
  return before <= 0 === after <= 0 ? 0.5 : before / (before - after)
}

/**
 * A unit has left only when it was seen outside for `breakSeconds` at one stretch: what was not seen does not make two
 * visits of one.
 */
function staysOf(pieces: readonly Piece[], { breakSeconds }: OrderRules): Stay[] {
  const stays: Stay[] = []
  let hasLeft = true
  for (const piece of pieces) {
    if (piece.where === 'out' && lengthOf(piece) >= breakSeconds) hasLeft = true
    if (piece.where !== 'in') continue
    const last = stays.at(-1)
    if (hasLeft || !last)
      stays.push({ arrivedAt: piece.fromAt, leftAt: piece.untilAt, seconds: lengthOf(piece) })
    else
      stays[stays.length - 1] = {
        ...last,
        leftAt: piece.untilAt,
        seconds: last.seconds + lengthOf(piece),
      }
    hasLeft = false
  }
  return stays
}

function couldHide(
  silence: Piece,
  place: OrderPlace,
  fixes: readonly TrackFix[],
  rules: OrderRules,
): boolean {
  const beyondBorder = beyondBorderOf(place)
  const waySeconds = (fix: TrackFix | undefined) =>
    fix ? Math.max(0, beyondBorder(fix)) / FASTEST_METRES_PER_SECOND : 0
  const tells = ({ accuracyMetres }: TrackFix) => !(accuracyMetres > rules.poorAccuracyMetres)
  const before = fixes.findLast((fix) => fix.at <= silence.fromAt && tells(fix))
  const after = fixes.find((fix) => fix.at >= silence.untilAt && tells(fix))
  // The way may be driven in a part of the silence that lies outside of the span; the visit may not.
  const roomFrom = Math.max(silence.fromAt, (before?.at ?? -Infinity) + waySeconds(before) * 1000)
  const roomUntil = Math.min(silence.untilAt, (after?.at ?? Infinity) - waySeconds(after) * 1000)
  return roomUntil - roomFrom >= rules.visitFromMinutes * 60_000
}

function lengthOf({ fromAt, untilAt }: Piece): number {
  return (untilAt - fromAt) / 1000
}

/**
 * What the units did of an occurrence, as far as their tracks can tell at `now`. Visits of any unit sent count together.
 * «Not done» is said only where every unit sent was heard of well enough that no visit can be hidden.
 */
export function complianceOf(
  occurrence: Occurrence,
  place: OrderPlace,
  tracks: ReadonlyMap<string, readonly TrackFix[]>,
  addressed: readonly string[],
  rules: OrderRules,
  now: Instant,
): Compliance {
  const span = { fromAt: occurrence.startsAt, untilAt: Math.min(occurrence.endsAt, now) }
  if (span.untilAt <= span.fromAt) return NOTHING_YET
  const sent = addressed.map((unitId) => ({
    unitId,
    presence: presenceIn(place, tracks.get(unitId) ?? [], span, rules),
  }))
  const others = [...tracks.keys()]
    .filter((unitId) => !addressed.includes(unitId))
    .map((unitId) => ({ unitId, presence: presenceIn(place, tracks.get(unitId)!, span, rules) }))
  const stays = [
    ...sent.flatMap((one) => visitsOf(one, true, rules)),
    ...others.flatMap((one) => visitsOf(one, false, rules)).filter(({ counts }) => counts),
  ].toSorted((a, b) => a.arrivedAt - b.arrivedAt || (a.unitId < b.unitId ? -1 : 1))
  // Driving through is no dosage.
  const counted = stays.filter(({ isAddressed, counts }) => isAddressed && counts)
  const visits = counted.length
  const seconds = counted.reduce((sum, stay) => sum + stay.seconds, 0)
  const isDone = visits >= occurrence.askedVisits && seconds >= occurrence.askedSeconds * rules.enoughShare
  const mayHide = sent.some(({ presence }) => presence.mayHideVisit)
  return {
    outcome: isDone
      ? 'done'
      : now < occurrence.endsAt
        ? 'under-way'
        : visits > 0
          ? 'partly'
          : mayHide
            ? 'cannot-be-told'
            : 'not-done',
    visits,
    seconds,
    otherVisits: stays.filter(({ isAddressed }) => !isAddressed).length,
    unknownSeconds: Math.round(Math.min(...sent.map(({ presence }) => presence.unknownSeconds))),
    stays,
  }
}

const NOTHING_YET: Compliance = {
  outcome: 'upcoming',
  visits: 0,
  seconds: 0,
  otherVisits: 0,
  unknownSeconds: 0,
  stays: [],
}

function visitsOf(
  { unitId, presence }: { readonly unitId: string; readonly presence: Presence },
  isAddressed: boolean,
  { visitFromMinutes }: OrderRules,
): Visit[] {
  return presence.stays
    .filter(({ seconds }) => seconds >= LEAST_SHOWN_SECONDS)
    .map((stay) => ({
      ...stay,
      seconds: Math.round(stay.seconds),
      unitId,
      isAddressed,
      counts: stay.seconds >= visitFromMinutes * 60,
    }))
}
