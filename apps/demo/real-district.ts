import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isWithin, type Bounds, type Position } from '../../foundation/core/geo.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../foundation/core/outcome.ts'
import { inTransaction, type Database } from '../../foundation/server/db.ts'
import { writeSetting } from '../../foundation/server/settings.ts'
import {
  DEFAULT_HOUR_SEED,
  GENERATED_HOUR_PROFILE,
  hourProfile,
  type HourProfile,
} from '../../capabilities/incident/core/import/hour-profile.ts'
import {
  isMapping,
  readMapping,
  type CallMapping,
  type MappingFault,
} from '../../capabilities/incident/core/import/mapping.ts'
import {
  countHours,
  importCalls,
  type ImportProgress,
  type ImportSummary,
} from '../../capabilities/incident/server/import/import-calls.ts'
import { isPreset, loadPreset } from '../../capabilities/incident/server/import/presets.ts'
import { listHistory } from '../../capabilities/incident/server/import/store.ts'
import { HOURS_SETTING, type HourSource } from '../../capabilities/place/core/index.ts'
import type { MapPackage } from '../../capabilities/place/server/map-package.ts'
import { importOsmInWorker } from '../../capabilities/place/server/osm/import-osm.ts'
import { planForceOnRoads } from './real-force.ts'
import { settleDistrict } from './settle.ts'

export interface RealDistrictOptions {
  /** Of the district; where it is the name of a preset, that preset reads the calls. */
  readonly name: string
  readonly osm: string
  readonly incidents: string | null
  /** A mapping file; null: the preset of that name, or the mapping that lies beside the calls. */
  readonly mapping: string | null
  /** A file whose hours stand for those that the calls lack; null: looked for beside the calls. */
  readonly hourProfile: string | null
  /** Where rejected rows are written. */
  readonly rejectPath: string | null
  readonly seed: number
  readonly now: Instant
  readonly onMap?: (share: number) => void
  readonly onCalls?: (progress: ImportProgress) => void
}

export interface RealDistrict {
  readonly map: Pick<MapPackage, 'name' | 'bounds' | 'counts' | 'notes'>
  readonly calls: ImportSummary | null
  readonly hours: HourSource
}

/**
 * Loads real roads and real calls into an empty database, and a force that is generated on those roads, since no
 * agency publishes one. Calls outside the extract are rejected with the cause `outside-area`.
 * Refuses what `importOsm` and `importCalls` refuse, `mapping-missing` and `mapping-invalid` (with `faults`).
 */
export async function loadRealDistrict(
  database: Database,
  options: RealDistrictOptions,
): Promise<RealDistrict | Refusal> {
  const mapping = options.incidents === null ? null : mappingFor(options, options.incidents)
  if (mapping !== null && isRefusal(mapping)) return mapping
  const hours = await hoursFor(options)
  if (isRefusal(hours)) return hours
  const map = await importOsmInWorker(
    { path: options.osm, name: options.name },
    options.onMap ? { onProgress: options.onMap } : {},
  )
  if (isRefusal(map)) return map

  let calls: ImportSummary | null = null
  if (mapping !== null) {
    const outcome = await importCalls(database.pool, {
      path: options.incidents!,
      mapping,
      now: options.now,
      isInArea: (position) => isWithin(map.bounds, position),
      hours: { profile: hours.profile, seed: hours.source.seed },
      rejectPath: options.rejectPath,
      dryRun: false,
      ...(options.onCalls ? { onProgress: options.onCalls } : {}),
    })
    if (isRefusal(outcome)) return outcome
    calls = outcome
  }
  const positions = calls === null ? [] : await positionsOfCalls(database)
  const settings = {
    nameZh: options.name,
    nameEn: options.name,
    timeZone: mapping?.time.zone ?? zoneOfLongitude(map.bounds),
    hourDrawn: (calls?.hoursDrawn ?? 0) > 0,
    generated: false,
  }
  await inTransaction(database.db, async (tx) => {
    await writeSetting(tx, HOURS_SETTING, hours.source, 0, options.now)
  })
  await settleDistrict(
    database.db,
    planForceOnRoads({ settings, map, calls: positions, seed: options.seed }),
    map,
    options.now,
  )
  return { map, calls, hours: hours.source }
}

function mappingFor(options: RealDistrictOptions, incidents: string): CallMapping | Refusal {
  if (options.mapping === null && isPreset(options.name))
    return checked(loadPreset(options.name), options.name)
  const beside = [`${incidents}.map.json`, join(dirname(incidents), 'mapping.json')]
  const path = options.mapping ?? beside.find((candidate) => existsSync(candidate))
  if (path === undefined) return refuse('mapping-missing', { field: '--map', detail: { beside } })
  return readMappingFile(path)
}

/** Refuses `file-not-found`, `mapping-not-json` and `mapping-invalid` with `faults`. */
export function readMappingFile(path: string): CallMapping | Refusal {
  if (!existsSync(path)) return refuse('file-not-found', { field: '--map', detail: { path } })
  try {
    return checked(readMapping(JSON.parse(readFileSync(path, 'utf8'))), path)
  } catch (fault) {
    return refuse('mapping-not-json', { field: '--map', detail: { path, message: (fault as Error).message } })
  }
}

function checked(outcome: CallMapping | readonly MappingFault[], path: string): CallMapping | Refusal {
  return isMapping(outcome)
    ? outcome
    : refuse('mapping-invalid', { field: '--map', detail: { path, faults: outcome } })
}

/** The file of hours that lies beside the published data, as ../shared/data is laid out. */
const HOURS_BESIDE = '../stlouis/incidents-2008-2018.csv.gz'

async function hoursFor(
  options: RealDistrictOptions,
): Promise<{ profile: HourProfile; source: HourSource } | Refusal> {
  const beside = options.incidents === null ? null : resolve(dirname(options.incidents), HOURS_BESIDE)
  const path = options.hourProfile ?? (beside !== null && existsSync(beside) ? beside : null)
  if (path === null)
    return { profile: GENERATED_HOUR_PROFILE, source: { from: 'generated-profile', seed: options.seed } }
  return readHourProfile(path, null, options.seed)
}

/** The hours of a calls file under its mapping; without one, under the preset that fits its columns: St. Louis, then Chicago. */
export async function readHourProfile(
  path: string,
  mapping: CallMapping | null,
  seed = DEFAULT_HOUR_SEED,
): Promise<{ profile: HourProfile; source: HourSource } | Refusal> {
  let last: Refusal = refuse('mapping-missing', { field: '--hour-map' })
  for (const candidate of mapping ? [mapping] : [loadPreset('stlouis'), loadPreset('chicago')]) {
    if (!isMapping(candidate)) continue
    const counts = await countHours(path, candidate)
    if (isRefusal(counts)) {
      last = counts
      continue
    }
    const profile = hourProfile(counts)
    if (profile)
      return { profile, source: { from: 'file', file: basename(path), source: candidate.source, seed } }
    last = refuse('hour-profile-empty', { field: '--hour-profile', detail: { path } })
  }
  return last
}

/** Where calls came from, for laying out stations: a sample is enough. */
async function positionsOfCalls({ pool }: Database): Promise<Position[]> {
  return listHistory(pool, {
    from: 0,
    until: Number.MAX_SAFE_INTEGER / 10,
    source: null,
    after: null,
    limit: 20_000,
  })
}

/** Without calls nobody has told the zone: the nautical one of the place. */
function zoneOfLongitude({ west, east }: Bounds): string {
  const hours = Math.round((west + east) / 2 / 15)
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}
