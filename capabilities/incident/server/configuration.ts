import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { forget, remembered } from '../../../foundation/server/remembered.ts'
import { readSetting, writeSetting, type Setting } from '../../../foundation/server/settings.ts'
import {
  checkGradingRules,
  checkResponsePlan,
  DEFAULT_CALLER_RETENTION,
  DEFAULT_DISPOSITIONS,
  DEFAULT_DUPLICATE_POLICY,
  DEFAULT_GRADING_RULES,
  DEFAULT_INCIDENT_TYPES,
  DEFAULT_RESPONSE_PLAN,
  type CallerRetention,
  type Disposition,
  type DuplicatePolicy,
  type GradingRule,
  type IncidentBooks,
  type IncidentType,
  type ResponsePlan,
} from '../core/index.ts'
import type { IncidentTables } from './tables.ts'

const INCIDENT_TYPES = 'incident types'

const tables = (db: Db | Tx) => (db as Db).withTables<IncidentTables>()

/** The dictionary of the agency, or the default one while none has been imported. */
export async function readIncidentTypes(db: Db | Tx): Promise<readonly IncidentType[]> {
  const rows = await remembered(db, INCIDENT_TYPES, () =>
    tables(db).selectFrom('incident_type').selectAll().orderBy('position').execute(),
  )
  if (rows.length === 0) return DEFAULT_INCIDENT_TYPES
  return rows.map((row) => ({
    code: row.code,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    baseLevel: row.base_level,
    urgent: row.urgent,
  }))
}

/** Replaces the dictionary. Incidents keep the code they have. */
export async function replaceIncidentTypes(tx: Tx, types: readonly IncidentType[]): Promise<void> {
  forget(tx, INCIDENT_TYPES)
  await tables(tx).deleteFrom('incident_type').execute()
  await tables(tx)
    .insertInto('incident_type')
    .values(
      types.map((type, position) => ({
        code: type.code,
        name_zh: type.nameZh,
        name_en: type.nameEn,
        base_level: type.baseLevel,
        urgent: type.urgent,
        position,
      })),
    )
    .execute()
}

export async function readBooks(db: Db | Tx): Promise<IncidentBooks> {
  const [types, dispositions] = [await readIncidentTypes(db), await readDispositions(db)]
  return { types, dispositions }
}

const value = async <T>(db: Db | Tx, key: string, otherwise: T): Promise<T> =>
  (await readSetting(db, key, otherwise)).value

export const readGradingRules = (db: Db | Tx) =>
  value<readonly GradingRule[]>(db, 'grading-rules', DEFAULT_GRADING_RULES)
export const readResponsePlan = (db: Db | Tx) =>
  value<ResponsePlan>(db, 'response-plan', DEFAULT_RESPONSE_PLAN)
export const readDispositions = (db: Db | Tx) =>
  value<readonly Disposition[]>(db, 'dispositions', DEFAULT_DISPOSITIONS)
export const readDuplicatePolicy = (db: Db | Tx) =>
  value<DuplicatePolicy>(db, 'duplicate-policy', DEFAULT_DUPLICATE_POLICY)
export const readCallerRetention = (db: Db | Tx) =>
  value<CallerRetention>(db, 'caller-retention', DEFAULT_CALLER_RETENTION)

/** Every setting of incident with its default and the rule that a new value must pass. */
export const SETTINGS = {
  'grading-rules': {
    otherwise: DEFAULT_GRADING_RULES as unknown,
    check: (given: unknown) => checkGradingRules(given as readonly GradingRule[]),
  },
  'response-plan': {
    otherwise: DEFAULT_RESPONSE_PLAN as unknown,
    check: (given: unknown) => checkResponsePlan(given as ResponsePlan),
  },
  dispositions: {
    otherwise: DEFAULT_DISPOSITIONS as unknown,
    check: (given: unknown) => checkDispositions(given as readonly Disposition[]),
  },
  'duplicate-policy': { otherwise: DEFAULT_DUPLICATE_POLICY as unknown, check: () => null },
  'caller-retention': { otherwise: DEFAULT_CALLER_RETENTION as unknown, check: () => null },
} as const
export type SettingKey = keyof typeof SETTINGS

export async function readIncidentSetting(db: Db | Tx, key: SettingKey): Promise<Setting<unknown>> {
  return readSetting(db, key, SETTINGS[key].otherwise)
}

/** Puts a value into force over the version that was read. Refuses what its check refuses, and `version-conflict`. */
export async function changeIncidentSetting(
  tx: Tx,
  key: SettingKey,
  given: unknown,
  version: number,
  now: number,
): Promise<Setting<unknown> | Refusal> {
  const wrong = SETTINGS[key].check(given)
  if (isRefusal(wrong)) return wrong
  return writeSetting<unknown>(tx, key, given, version, now)
}

function checkDispositions(dispositions: readonly Disposition[]): Refusal | null {
  const codes = new Set(dispositions.map(({ code }) => code))
  return dispositions.length === 0 || codes.size < dispositions.length
    ? refuse('invalid-dispositions', { field: 'value' })
    : null
}
