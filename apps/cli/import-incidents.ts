import { rm } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { isWithin } from '../../foundation/core/geo.ts'
import { isRefusal, type Refusal } from '../../foundation/core/outcome.ts'
import { inTransaction, type Database } from '../../foundation/server/db.ts'
import { readSetting, writeSetting } from '../../foundation/server/settings.ts'
import {
  DEFAULT_HOUR_SEED,
  GENERATED_HOUR_PROFILE,
  type HourProfile,
} from '../../capabilities/incident/core/import/hour-profile.ts'
import {
  checkTypeCodes,
  isMapping,
  type CallMapping,
} from '../../capabilities/incident/core/import/mapping.ts'
import { REJECT_CAUSES } from '../../capabilities/incident/core/import/read-call.ts'
import { importCalls, type ImportSummary } from '../../capabilities/incident/server/import/import-calls.ts'
import { isPreset, loadPreset, PRESETS } from '../../capabilities/incident/server/import/presets.ts'
import { readBooks } from '../../capabilities/incident/server/configuration.ts'
import {
  DEFAULT_DISTRICT,
  DISTRICT_SETTING,
  HOURS_SETTING,
  type DistrictSettings,
  type HourSource,
} from '../../capabilities/place/core/index.ts'
import { findStoredMap } from '../../capabilities/place/server/map.store.ts'
import { readHourProfile, readMappingFile } from '../demo/real-district.ts'
import { withDatabase } from './connection.ts'
import { wholeNumber, type Options } from './options.ts'
import { EXIT, tellRefusal, UsageFault, type ExitCode } from './outcome.ts'
import { openProgress } from './progress.ts'
import type { Words } from './words.ts'

/** `xunfang import incidents FILE`: calls for service into the history. */
export async function importIncidents(file: string, options: Options, words: Words): Promise<ExitCode> {
  const mapping = mappingOf(options.map, options.preset, '--map', '--preset')
  if (mapping === null) throw new UsageFault('usage.map-or-preset', { presets: PRESETS.join(', ') })
  if (isRefusal(mapping)) return tellRefusal(words, mapping)
  const seed = wholeNumber(options, 'seed', DEFAULT_HOUR_SEED)
  const profile = await profileOf(options, seed, words)
  if (isRefusal(profile)) return tellRefusal(words, profile)
  return withDatabase(options.data, async (database) => {
    const unknown = checkTypeCodes(mapping, await typeCodes(database))
    if (unknown.length > 0)
      return tellRefusal(words, {
        refused: 'mapping-invalid',
        detail: { path: options.map ?? options.preset, faults: unknown },
      })
    const bounds = options.anywhere ? null : ((await findStoredMap(database.db))?.bounds ?? null)
    const rejectPath = resolve(options.rejects ?? `${basename(file)}.rejected.csv`)
    const progress = openProgress()
    const outcome = await importCalls(database.pool, {
      path: file,
      mapping,
      now: Date.now(),
      isInArea: bounds && ((position) => isWithin(bounds, position)),
      hours: { profile: profile.hours, seed },
      rejectPath,
      dryRun: options['dry-run'] ?? false,
      onProgress: ({ bytesRead, bytesTotal, rows }) => progress.at(bytesRead / bytesTotal, String(rows)),
    })
    progress.end()
    if (isRefusal(outcome)) return tellRefusal(words, outcome)
    if (outcome.hoursDrawn > 0 && !options['dry-run']) await noteDrawnHours(database, profile.source)
    if (outcome.rejectedTotal === 0) await rm(rejectPath, { force: true })
    tell(words, outcome, {
      dryRun: options['dry-run'] ?? false,
      hoursFrom: profile.from,
      isBounded: bounds !== null,
    })
    return options.strict && outcome.rejectedTotal > 0 ? EXIT.rejected : EXIT.done
  })
}

/** The mapping of `--map` or `--preset`; null where neither is given. */
export function mappingOf(
  path: string | undefined,
  preset: string | undefined,
  pathOption: string,
  presetOption: string,
): CallMapping | Refusal | null {
  if (path !== undefined && preset !== undefined)
    throw new UsageFault('usage.either', { one: pathOption, other: presetOption })
  if (path !== undefined) return readMappingFile(path)
  if (preset === undefined) return null
  if (!isPreset(preset))
    throw new UsageFault('usage.preset-unknown', { value: preset, presets: PRESETS.join(', ') })
  const mapping = loadPreset(preset)
  return isMapping(mapping)
    ? mapping
    : { refused: 'mapping-invalid', detail: { path: preset, faults: mapping } }
}

/** Hours of another file, or the shipped profile. */
async function profileOf(
  options: Options,
  seed: number,
  words: Words,
): Promise<{ hours: HourProfile; from: string; source: HourSource } | Refusal> {
  const path = options['hour-profile']
  if (path === undefined)
    return {
      hours: GENERATED_HOUR_PROFILE,
      from: words.text('hours.generated', {}, ' / '),
      source: { from: 'generated-profile', seed },
    }
  const mapping = mappingOf(options['hour-map'], options['hour-preset'], '--hour-map', '--hour-preset')
  if (mapping !== null && isRefusal(mapping)) return mapping
  const found = await readHourProfile(path, mapping, seed)
  return isRefusal(found) ? found : { hours: found.profile, from: basename(path), source: found.source }
}

/** From now on every screen says that hours are drawn, and from what. */
async function noteDrawnHours({ db }: Database, source: HourSource): Promise<void> {
  await inTransaction(db, async (tx) => {
    const district = await readSetting<DistrictSettings>(tx, DISTRICT_SETTING, DEFAULT_DISTRICT)
    const hours = await readSetting<HourSource | null>(tx, HOURS_SETTING, null)
    if (!district.value.hourDrawn)
      await writeSetting(
        tx,
        DISTRICT_SETTING,
        { ...district.value, hourDrawn: true },
        district.version,
        Date.now(),
      )
    await writeSetting(tx, HOURS_SETTING, source, hours.version, Date.now())
  })
}

async function typeCodes({ db }: Database): Promise<ReadonlySet<string>> {
  return new Set((await readBooks(db)).types.map(({ code }) => code))
}

function tell(
  words: Words,
  summary: ImportSummary,
  about: { dryRun: boolean; hoursFrom: string; isBounded: boolean },
): void {
  const {
    rows,
    accepted,
    duplicates,
    rejectedTotal,
    rejected,
    hoursDrawn,
    typesUnknown,
    resumedAfterLine,
    source,
    rejectPath,
  } = summary
  if (resumedAfterLine > 0) words.say('incidents.resumed', { line: resumedAfterLine })
  words.say(about.dryRun ? 'incidents.rehearsed' : 'incidents.done', {
    source,
    rows,
    accepted,
    duplicates,
    rejected: rejectedTotal,
  })
  if (hoursDrawn > 0) words.say('incidents.hours-drawn', { count: hoursDrawn, from: about.hoursFrom })
  if (typesUnknown > 0) words.say('incidents.types-unknown', { count: typesUnknown })
  if (!about.isBounded) words.say('incidents.anywhere')
  for (const cause of REJECT_CAUSES) {
    const count = rejected[cause]
    if (count)
      words.say('rejected-by-cause', {
        count: String(count).padStart(9),
        cause,
        text: words.text(`cause.${cause}`, {}, ' / '),
      })
  }
  if (rejectedTotal > 0 && rejectPath !== null) words.say('reject-file', { path: rejectPath })
}
