import type { ColumnType, Generated } from 'kysely'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type {
  DutyPattern,
  DutyScheme,
  Post,
  PostId,
  PostKind,
  RosterId,
  RosterRules,
  RosterState,
  RosterWeights,
} from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null | undefined, Date | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>

/** How a day of somebody came to be what it is. */
export const DUTY_ORIGINS = ['solver', 'hand', 'swap', 'sick-call', 'import'] as const
export type DutyOrigin = (typeof DUTY_ORIGINS)[number]

/** A type, not an interface: Kysely's `withTables` wants an index signature. Dates are `YYYY-MM-DD`. */
export type RosterTables = {
  duty_pattern: { code: string; content: Json<DutyPattern>; version: number; changed_at: Timestamp }
  duty_scheme: {
    organisation_id: string
    from_date: string
    pattern_code: string
    anchor_date: string
    version: number
  }
  platoon_member: {
    officer_id: string
    organisation_id: string
    platoon: number
    from_date: string
    until_date: Maybe<string>
  }
  roster_post: {
    id: PostId
    organisation_id: string
    code: string
    name_zh: string
    name_en: string
    kind: PostKind
    is_street: boolean
    unit_id: Maybe<string>
    shifts: string[]
    min_officers: number
    max_officers: Maybe<number>
    needs_leader: boolean
    skills: Json<Post['skills']>
    removed_at: MaybeTimestamp
    version: number
  }
  roster: {
    id: RosterId
    number: string
    from_date: string
    days: number
    state: RosterState
    based_on: Maybe<RosterId>
    title: string
    rules: MaybeJson<RosterRules>
    weights: MaybeJson<RosterWeights>
    schemes: MaybeJson<readonly DutyScheme[]>
    patterns: MaybeJson<readonly DutyPattern[]>
    posts: MaybeJson<readonly Post[]>
    objective: Maybe<number>
    bound: Maybe<number>
    solve_seconds: Maybe<number>
    made_by: string
    made_at: Timestamp
    published_by: Maybe<string>
    published_at: MaybeTimestamp
    ended_at: MaybeTimestamp
    version: number
  }
  roster_duty: {
    roster_id: RosterId
    officer_id: string
    date: string
    organisation_id: string
    kind: 'duty' | 'training' | 'leave'
    shift: Maybe<string>
    post_id: Maybe<PostId>
    draw: Maybe<string>
    starts_at: MaybeTimestamp
    ends_at: MaybeTimestamp
    origin: DutyOrigin
  }
  roster_waiver: { roster_id: RosterId; officer_id: string; date: string; cause: 'swap' | 'sick-call' }
  roster_event: {
    roster_id: RosterId
    sequence: number
    type: string
    at: Timestamp
    account_id: string | null
    account_name: string
    data: Json<Readonly<Record<string, unknown>>>
  }
  roster_solve: {
    id: string
    roster_id: RosterId
    state: SolveState
    cause: Maybe<string>
    asked_seconds: number
    roster_version: number
    started_by: string
    started_at: Timestamp
    heard_at: Timestamp
    ended_at: MaybeTimestamp
    seconds: number
    objective: Maybe<number>
    bound: Maybe<number>
    breaches: Maybe<number>
    stop_asked: Generated<boolean>
    conflict: MaybeJson<unknown>
    found: MaybeJson<unknown>
  }
}

export type SolveState = 'running' | 'done' | 'stopped' | 'infeasible' | 'failed'
