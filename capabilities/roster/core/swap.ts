import type { Brand } from '../../../foundation/core/brand.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Signed } from './absence.ts'
import type { LifeRules } from './life-rules.ts'
import type { CellChange } from './check.ts'
import { findOption, optionKey, type DutyOption, type RosterBreach } from './roster.ts'

export type SwapId = Brand<string, 'SwapId'>
export const SWAP_STATES = ['offered', 'accepted', 'approved', 'refused', 'withdrawn', 'lapsed'] as const
export type SwapState = (typeof SWAP_STATES)[number]

/** One officer's day. */
export interface OfficerDay {
  readonly officerId: string
  readonly date: string
}

/** What the two have on the two days, as option keys; where the days are one, each pair says the same. */
export interface SwapCells {
  readonly fromOnFromDate: string
  readonly fromOnWithDate: string
  readonly withOnFromDate: string
  readonly withOnWithDate: string
}

/** 换班: one officer's day against another's. On both days each works what the other would have worked. */
export interface Swap {
  readonly id: SwapId
  readonly rosterId: string
  readonly from: OfficerDay
  readonly with: OfficerDay
  readonly state: SwapState
  /** As they were offered: whatever changes one of them makes the swap another one than was agreed. */
  readonly cells: SwapCells
  readonly offered: Signed
  readonly answered: Signed | null
  readonly decided: Signed | null
  readonly reason: string | null
  readonly version: number
}

export const isOpenSwap = ({ state }: Pick<Swap, 'state'>): boolean =>
  state === 'offered' || state === 'accepted'

/** The published roster, as far as a swap looks into it. */
export interface SwapGround {
  /** The id of the published roster in which both days lie; null: they lie in none, or in two. */
  readonly rosterId: string | null
  readonly cells: SwapCells
  /** When the first of the duties in question begins. */
  readonly firstStartsAt: Instant
  /** What the exchange would make worse; the pattern does not bind days that two have agreed to exchange. */
  readonly worse: readonly RosterBreach[]
  /** Days that accepted swaps other than this one already dispose of. */
  readonly taken: readonly OfficerDay[]
}

/** The cells after the exchange: two on one day, four on two. */
export function exchange({ from, with: other, cells }: Pick<Swap, 'from' | 'with' | 'cells'>): CellChange[] {
  const option = (key: string) => findOption(key) ?? { kind: 'off' as const }
  const onFromDate = [
    { officerId: from.officerId, date: from.date, option: option(cells.withOnFromDate) },
    { officerId: other.officerId, date: from.date, option: option(cells.fromOnFromDate) },
  ]
  if (from.date === other.date) return onFromDate
  return [
    ...onFromDate,
    { officerId: from.officerId, date: other.date, option: option(cells.withOnWithDate) },
    { officerId: other.officerId, date: other.date, option: option(cells.fromOnWithDate) },
  ]
}

const isDuty = (key: string) => findOption(key)?.kind === 'duty'
const isAway = (key: string) => key === 'leave' || key === 'training'

/**
 * Whether a swap may be offered; null where it may. Refuses `swap-with-oneself`, `swap-not-in-roster` (the days lie in
 * no published roster, or in two), `swap-no-duty` (one has no duty to give), `swap-on-leave`, `swap-changes-nothing`,
 * `swap-day-passed`, `swap-day-taken` and `swap-breaks-rules` with the breaches.
 */
export function offerFault(
  { from, with: other }: Pick<Swap, 'from' | 'with'>,
  ground: SwapGround,
  now: Instant,
): Refusal | null {
  const { cells } = ground
  if (from.officerId === other.officerId) return refuse('swap-with-oneself', { field: 'withOfficerId' })
  if (ground.rosterId === null) return refuse('swap-not-in-roster', { field: 'fromDate' })
  if (!isDuty(cells.fromOnFromDate)) return refuse('swap-no-duty', { field: 'fromDate', detail: { ...from } })
  if (!isDuty(cells.withOnWithDate))
    return refuse('swap-no-duty', { field: 'withDate', detail: { ...other } })
  const away = isAway(cells.withOnFromDate) ? 'fromDate' : isAway(cells.fromOnWithDate) ? 'withDate' : null
  if (away !== null) return refuse('swap-on-leave', { field: away })
  if (cells.fromOnFromDate === cells.withOnFromDate && cells.fromOnWithDate === cells.withOnWithDate)
    return refuse('swap-changes-nothing', { field: 'withOfficerId' })
  return stillFault({ from, with: other }, ground, now)
}

/** What may have come between since the offer: time, another swap, the rules. */
function stillFault(
  { from, with: other }: Pick<Swap, 'from' | 'with'>,
  { firstStartsAt, taken, worse }: SwapGround,
  now: Instant,
): Refusal | null {
  if (firstStartsAt <= now) return refuse('swap-day-passed', { field: 'fromDate' })
  const days = daysOf({ from, with: other })
  const clash = taken.find((one) =>
    days.some(({ officerId, date }) => officerId === one.officerId && date === one.date),
  )
  if (clash) return refuse('swap-day-taken', { field: 'fromDate', detail: { ...clash } })
  return worse.length > 0 ? refuse('swap-breaks-rules', { detail: { breaches: worse } }) : null
}

/** The days that a swap disposes of: both officers on both dates. */
export function daysOf({ from, with: other }: Pick<Swap, 'from' | 'with'>): readonly OfficerDay[] {
  const dates = from.date === other.date ? [from.date] : [from.date, other.date]
  return dates.flatMap((date) => [
    { officerId: from.officerId, date },
    { officerId: other.officerId, date },
  ])
}

/** Whether what the two have is still what was offered. */
export const isAsOffered = (swap: Pick<Swap, 'cells' | 'rosterId'>, ground: SwapGround): boolean =>
  swap.rosterId === ground.rosterId &&
  (Object.keys(swap.cells) as (keyof SwapCells)[]).every((cell) => swap.cells[cell] === ground.cells[cell])

export type SwapCommand =
  | { readonly do: 'accept' }
  | { readonly do: 'approve' }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'withdraw' }

export interface SwapActor {
  readonly officerId: string | null
  /** Holds the right to decide for both officers' organisations. */
  readonly mayDecide: boolean
}

/**
 * What a command makes of a swap. The one asked accepts or refuses; a chief who is neither of the two approves or
 * refuses; the one who offered withdraws. Refuses `swap-not-open` (with the state: a second approval finds the first),
 * `swap-not-accepted`, `swap-not-yours`, `swap-own`, `out-of-scope`, `reason-too-short`, `swap-lapsed` (the roster says
 * something else now), and what may have come between: `swap-day-passed`, `swap-day-taken`, `swap-breaks-rules`.
 */
export function decideSwap(
  swap: Swap,
  command: SwapCommand,
  by: SwapActor,
  ground: SwapGround,
  rules: LifeRules,
  now: Instant,
): { readonly state: SwapState; readonly reason: string | null } | Refusal {
  const { state } = swap
  const isAsked = by.officerId !== null && by.officerId === swap.with.officerId
  const isOffering = by.officerId !== null && by.officerId === swap.from.officerId
  if (!isOpenSwap(swap)) return refuse('swap-not-open', { detail: { state } })
  switch (command.do) {
    case 'withdraw':
      if (!isOffering && !by.mayDecide) return refuse('swap-not-yours')
      return { state: 'withdrawn', reason: null }
    case 'refuse': {
      if (!isAsked && !by.mayDecide) return refuse('swap-not-yours')
      const reason = command.reason.trim()
      // The one asked owes nobody a reason; who decides for others does.
      if (!isAsked && [...reason].length < rules.shortestReasonLength)
        return refuse('reason-too-short', { field: 'reason', detail: { least: rules.shortestReasonLength } })
      return { state: 'refused', reason: reason || null }
    }
    case 'accept': {
      if (!isAsked) return refuse('swap-not-yours')
      if (state !== 'offered') return refuse('swap-not-open', { detail: { state } })
      if (!isAsOffered(swap, ground)) return refuse('swap-lapsed')
      return stillFault(swap, ground, now) ?? { state: 'accepted', reason: null }
    }
    case 'approve': {
      if (!by.mayDecide) return refuse('out-of-scope', { detail: { swapId: swap.id } })
      if (isAsked || isOffering) return refuse('swap-own')
      if (state !== 'accepted') return refuse('swap-not-accepted', { detail: { state } })
      if (!isAsOffered(swap, ground)) return refuse('swap-lapsed')
      return stillFault(swap, ground, now) ?? { state: 'approved', reason: null }
    }
  }
}

/** Whether an open swap has become void by itself: the roster has changed under it, or its first duty has begun. */
export const hasLapsed = (swap: Swap, ground: SwapGround, now: Instant): boolean =>
  isOpenSwap(swap) && (!isAsOffered(swap, ground) || ground.firstStartsAt <= now)

/** What the two have, read from the roster. */
export function swapCells(
  { from, with: other }: Pick<Swap, 'from' | 'with'>,
  cell: (day: OfficerDay) => DutyOption,
): SwapCells {
  const key = (officerId: string, date: string) => optionKey(cell({ officerId, date }))
  return {
    fromOnFromDate: key(from.officerId, from.date),
    fromOnWithDate: key(from.officerId, other.date),
    withOnFromDate: key(other.officerId, from.date),
    withOnWithDate: key(other.officerId, other.date),
  }
}
