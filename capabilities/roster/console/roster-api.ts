import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import {
  findOption,
  type DutyOption,
  type RosterBreach,
  type RosterGround,
  type RuleConflict,
} from '../core/index.ts'

export type RosterState = 'draft' | 'published' | 'replaced' | 'withdrawn'

/** A roster as lists and heads show it. */
export interface RosterHead {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly fromDate: string
  readonly days: number
  readonly state: RosterState
  readonly basedOnId: string | null
  readonly madeAt: string
  readonly publishedAt: string | null
  readonly objective: number | null
  readonly bound: number | null
  readonly version: number
}

export type DutyOrigin = 'solver' | 'hand' | 'swap' | 'sick-call' | 'import'

export interface RosterRow {
  readonly roster: RosterHead
  readonly options: readonly { readonly key: string }[]
  readonly officers: readonly { readonly id: string }[]
  /** A row an officer, a column a day: an index into `options`. */
  readonly cells: readonly (readonly number[])[]
  /** Of cells that no solver made; officer and day as in `cells`. */
  readonly origins: readonly { readonly officer: number; readonly day: number; readonly origin: DutyOrigin }[]
  readonly holidays: readonly { readonly date: string; readonly nameZh: string; readonly nameEn: string }[]
  readonly version: number
}

export interface RosterEventRow {
  readonly sequence: number
  readonly type: string
  readonly at: string
  readonly accountName: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The ground as it travels: options by their keys. */
type GroundRow = Omit<RosterGround, 'published' | 'officers'> & {
  readonly published: readonly (readonly string[])[] | null
  readonly officers: readonly (Omit<RosterGround['officers'][number], 'before'> & {
    readonly before: readonly string[]
  })[]
}

export const rostersQuery = queryOptions({
  queryKey: ['rosters'],
  queryFn: async ({ signal }) =>
    (await api.get<{ rosters: readonly RosterHead[] }>('/api/rosters', {}, signal)).rosters,
})

export const rosterQuery = (id: string) =>
  queryOptions({
    queryKey: ['rosters', id],
    queryFn: ({ signal }) => api.get<RosterRow>(`/api/rosters/${id}`, {}, signal),
  })

/** All that the rules judge a roster by: read with it, so that the screen can judge before anything is sent. */
export const groundQuery = (id: string) =>
  queryOptions({
    queryKey: ['rosters', id, 'ground'],
    queryFn: async ({ signal }) => {
      const { ground } = await api.get<{ ground: GroundRow }>(`/api/rosters/${id}/ground`, {}, signal)
      return readGround(ground)
    },
  })

/** What became of a roster, with the names of who did it: each reading is in the audit log. */
export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['rosters', id, 'timeline'],
    queryFn: async ({ signal }) =>
      (await api.get<{ timeline: readonly RosterEventRow[] }>(`/api/rosters/${id}/timeline`, {}, signal))
        .timeline,
  })

export interface AcknowledgementRow {
  readonly officerId: string
  readonly at: string
  /** Their own days are still as they were read. */
  readonly isCurrent: boolean
}

export const acknowledgementsQuery = (id: string) =>
  queryOptions({
    queryKey: ['rosters', id, 'acknowledgements'],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ acknowledgements: readonly AcknowledgementRow[] }>(
          `/api/rosters/${id}/acknowledgements`,
          {},
          signal,
        )
      ).acknowledgements,
  })

/** How the latest search stands. `conflict`: the smallest set of rules that cannot all be kept. */
export interface SolvingRow {
  readonly state: 'idle' | 'running' | 'done' | 'stopped' | 'infeasible' | 'failed'
  readonly cause: string | null
  readonly limitSeconds: number
  readonly seconds: number
  readonly objective: number | null
  readonly bound: number | null
  readonly breaches: number | null
  readonly conflict: readonly RuleConflict[] | null
  readonly isConflictSmallest: boolean | null
  /** A roster waits to be applied: the draft was changed while it was searched for. */
  readonly hasFound: boolean
}

const SOLVING_MILLISECONDS = 1_000

/** Read once a second while it runs; the live stream says when one begins. */
export const solvingQuery = (id: string) =>
  queryOptions({
    queryKey: ['rosters', id, 'solving'],
    queryFn: ({ signal }) => api.get<SolvingRow>(`/api/rosters/${id}/solving`, {}, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? SOLVING_MILLISECONDS : false),
  })

const option = (key: string): DutyOption => findOption(key) ?? { kind: 'off' }

export function readGround(row: GroundRow): RosterGround {
  return {
    ...row,
    published: row.published?.map((cells) => cells.map(option)) ?? null,
    officers: row.officers.map((officer) => ({ ...officer, before: officer.before.map(option) })),
  }
}

/** The cells of a roster by key, rows in the order of the ground's officers. */
export function cellsOf(
  { options, officers, cells }: Pick<RosterRow, 'options' | 'officers' | 'cells'>,
  ground: Pick<RosterGround, 'officers' | 'days'>,
): readonly (readonly string[])[] {
  const rows = new Map(officers.map(({ id }, index) => [id, cells[index]!]))
  return ground.officers.map(({ id }) =>
    Array.from({ length: ground.days }, (_, day) => options[rows.get(id)?.[day] ?? -1]?.key ?? 'off'),
  )
}

export interface SaveAnswer {
  readonly version: number
  readonly added: readonly RosterBreach[]
  readonly removed: readonly RosterBreach[]
}
