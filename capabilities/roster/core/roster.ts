import type { Brand } from '../../../foundation/core/brand.ts'
import type { DutyPattern, DutyScheme, PostKind } from './pattern.ts'

export type RosterId = Brand<string, 'RosterId'>
export type PostId = Brand<string, 'PostId'>

/** Where somebody stands in a shift: a desk, a patrol unit, the reserve. */
export interface Post {
  readonly id: PostId
  readonly organisationId: string
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly kind: PostKind
  /** Who is here counts as on the street. */
  readonly isStreet: boolean
  /** The patrol unit that this post crews, where it is one. */
  readonly unitId: string | null
  /** Codes of the shifts in which it is staffed; none: in every shift. */
  readonly shifts: readonly string[]
  readonly minOfficers: number
  /** Null: no limit. */
  readonly maxOfficers: number | null
  /** Nobody stands here without a sworn officer among them. */
  readonly needsLeader: boolean
  readonly skills: readonly { readonly skill: string; readonly officers: number }[]
}

/** An officer as rosters see one: no name. Sworn and skills decide what they may lead and fill. */
export interface RosterOfficer {
  readonly id: string
  /** Where they serve: the borrower while lent. */
  readonly organisationId: string
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  /** 0 is the pattern's first; null: follows no pattern and is not rostered. */
  readonly platoon: number | null
  /** Of earlier months, for fairness over time. */
  readonly carried: FairnessCounts
  /** The last seven days before the roster, oldest first; empty where nothing is known. */
  readonly before: readonly DutyOption[]
}

/** What is shared out fairly, how often somebody had it. */
export interface FairnessCounts {
  readonly draws: number
  readonly nights: number
  readonly weekends: number
  readonly holidays: number
}
export const FAIRNESS_KINDS = ['draws', 'nights', 'weekends', 'holidays'] as const
export type FairnessKind = (typeof FAIRNESS_KINDS)[number]

/** What a day of an officer can be. */
export type DutyOption =
  | { readonly kind: 'off' }
  /** Approved leave, or not fit for duty: neither says why. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'training' }
  | {
      readonly kind: 'duty'
      readonly organisationId: string
      readonly shift: string
      /** Null for a patrol draw, whose place is the street. */
      readonly postId: PostId | null
      readonly draw: string | null
    }
export type Duty = Extract<DutyOption, { kind: 'duty' }>

/** An absence as rosters see it: which days, and whether they count as work. Never why. */
export interface RosterAbsence {
  readonly officerId: string
  readonly kind: 'leave' | 'training'
  readonly fromDate: string
  /** The last day, inclusive. */
  readonly untilDate: string
}

/** A wish: to work a shift, or to be off, on a date. Weight 1 to 3. */
export interface RosterWish {
  readonly officerId: string
  readonly date: string
  /** A shift's code, or null for a day off. */
  readonly shift: string | null
  readonly isWanted: boolean
  readonly weight: number
}

/** Hard rules, numbers of the reference district by default. */
export interface RosterRules {
  readonly minimumRestMinutes: number
  /** Work minutes in any seven days. */
  readonly maxMinutesPer7Days: number
  readonly maxConsecutiveDays: number
  /** No shift that starts before noon on the day after a night. */
  readonly forbidNightThenDay: boolean
  readonly trainingMinutes: number
  /** Street officers ÷ officers on duty and patrol-capable, by band of the wall clock, over the whole district. */
  readonly streetShares: readonly StreetShare[]
  /** May somebody whose day is off, or who has another role, be called in where the pattern leaves a post empty? */
  readonly offPatternDuty: 'never' | 'when-needed'
}

export interface StreetShare {
  readonly fromMinute: number
  readonly untilMinute: number
  readonly share: number
}

/** Soft rules: what one more of each costs. */
export interface RosterWeights {
  readonly draws: number
  readonly nights: number
  readonly weekends: number
  readonly holidays: number
  readonly wishes: number
  /** One day of one officer different from the published roster. */
  readonly stability: number
  /** One duty outside the pattern, where rules allow them at all. */
  readonly offPatternDuty: number
}

export const ROSTER_RULES_SETTING = 'roster.rules'
export const DEFAULT_ROSTER_RULES: RosterRules = {
  // The 11 hours of Directive 2003/88/EC, Article 3; the reference district names none.
  minimumRestMinutes: 660,
  maxMinutesPer7Days: 72 * 60,
  maxConsecutiveDays: 6,
  forbidNightThenDay: true,
  trainingMinutes: 480,
  streetShares: [{ fromMinute: 0, untilMinute: 1440, share: 2 / 3 }],
  offPatternDuty: 'never',
}
export const ROSTER_WEIGHTS_SETTING = 'roster.weights'
export const DEFAULT_ROSTER_WEIGHTS: RosterWeights = {
  draws: 10,
  nights: 6,
  weekends: 6,
  holidays: 10,
  wishes: 4,
  stability: 20,
  offPatternDuty: 60,
}

/** All that decides whether a roster is lawful and how good it is. */
export interface RosterGround {
  readonly fromDate: string
  readonly days: number
  readonly patterns: readonly DutyPattern[]
  readonly schemes: readonly DutyScheme[]
  readonly posts: readonly Post[]
  readonly officers: readonly RosterOfficer[]
  readonly absences: readonly RosterAbsence[]
  readonly wishes: readonly RosterWish[]
  readonly holidays: readonly string[]
  readonly rules: RosterRules
  readonly weights: RosterWeights
  /** The published roster that a new one should stay close to; null: none. */
  readonly published: RosterGrid | null
  /** Days of officers on which the pattern does not bind: swapped, or covering for a colleague. */
  readonly waivers: readonly { readonly officerId: string; readonly date: string }[]
}

/** One row an officer of the ground, in its order; one entry a day. */
export type RosterGrid = readonly (readonly DutyOption[])[]

/** A name for an option that stays the same in files, screens and the database. */
export function optionKey(option: DutyOption): string {
  if (option.kind !== 'duty') return option.kind
  const place = option.draw === null ? (option.postId ?? '') : `draw:${option.draw}`
  return `${option.organisationId}/${option.shift}/${place}`
}

/** Reads `optionKey` again. Null where it is none. */
export function findOption(key: string): DutyOption | null {
  if (key === 'off' || key === 'leave' || key === 'training') return { kind: key }
  const [organisationId, shift, place, more] = key.split('/')
  if (!organisationId || !shift || !place || more !== undefined) return null
  return place.startsWith('draw:')
    ? { kind: 'duty', organisationId, shift, postId: null, draw: place.slice(5) }
    : { kind: 'duty', organisationId, shift, postId: place as PostId, draw: null }
}

/** Rules by id: the same in the check, its spec, the screen and the audit. */
export const ROSTER_RULES = [
  { id: 'R01', code: 'pattern' },
  { id: 'R02', code: 'absence' },
  { id: 'R03', code: 'minimum-rest' },
  { id: 'R04', code: 'night-then-day' },
  { id: 'R05', code: 'seven-days-hours' },
  { id: 'R06', code: 'consecutive-days' },
  { id: 'R07', code: 'post-minimum' },
  { id: 'R08', code: 'post-maximum' },
  { id: 'R09', code: 'sworn-leader' },
  { id: 'R10', code: 'post-skill' },
  { id: 'R11', code: 'patrol-draw' },
  { id: 'R12', code: 'street-share' },
  { id: 'R13', code: 'one-place' },
  { id: 'R14', code: 'fit-for-post' },
  { id: 'R15', code: 'pattern-minimum' },
] as const
export type RosterRuleId = (typeof ROSTER_RULES)[number]['id']

/** A hard rule that a roster breaks: where, for whom, and the numbers that the text needs. */
export interface RosterBreach {
  readonly rule: RosterRuleId
  readonly officerId: string | null
  readonly organisationId: string | null
  readonly date: string
  readonly detail: Readonly<Record<string, string | number>>
}
