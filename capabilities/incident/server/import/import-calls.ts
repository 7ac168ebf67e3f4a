import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type pg from 'pg'
import type { Position } from '../../../../foundation/core/geo.ts'
import type { Instant } from '../../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../../foundation/core/outcome.ts'
import { newId } from '../../../../foundation/server/ids.ts'
import type { CsvItem } from '../../core/import/csv.ts'
import type { HourProfile } from '../../core/import/hour-profile.ts'
import { checkColumns, type CallMapping, type MappingFault } from '../../core/import/mapping.ts'
import {
  callReader,
  hourReader,
  isRejection,
  settleHour,
  type CallReader,
  type ReadCall,
  type RejectCause,
} from '../../core/import/read-call.ts'
import { zoneClock } from '../../core/import/when.ts'
import { inspectFile, sha256OfFile, type SourceFile } from './read-file.ts'
import { headerOf, isDamage, itemsOfFile } from './read-rows.ts'
import { openRejectFile, type RejectFile } from './reject-file.ts'
import {
  addCalls,
  countKeys,
  findUnfinished,
  insertImport,
  lockSource,
  rowKey,
  saveImport,
  unlockSource,
  type HistoricCall,
  type ImportState,
} from './store.ts'

export interface ImportOptions {
  readonly path: string
  readonly mapping: CallMapping
  readonly now: Instant
  /** Whether the district holds a place; null takes all. */
  readonly isInArea: ((position: Position) => boolean) | null
  /** Where hours come from that the file does not give. */
  readonly hours: { readonly profile: HourProfile; readonly seed: number }
  /** CSV of every rejected row; null writes none. */
  readonly rejectPath: string | null
  /** Does all of it and keeps nothing. */
  readonly dryRun: boolean
  readonly batchRows?: number
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly rows: number
}

export interface ImportSummary {
  readonly importId: string
  readonly source: string
  readonly rows: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejectedTotal: number
  readonly rejected: Readonly<Partial<Record<RejectCause, number>>>
  /** Accepted calls whose hour was drawn. */
  readonly hoursDrawn: number
  /** Accepted calls whose type no table and no word knew. */
  readonly typesUnknown: number
  /** The line after which a broken import went on; 0 for one from the start. */
  readonly resumedAfterLine: number
  readonly rejectPath: string | null
}

/** A mapping that does not fit the file. */
export interface MappingRefusal extends Refusal {
  readonly refused: 'mapping-does-not-fit'
  readonly faults: readonly MappingFault[]
}

const BATCH_ROWS = 5_000

/**
 * Streams a calls-for-service file into `incident_history`. Every row is accepted, a duplicate, or rejected with one
 * cause. Each batch is one transaction with the import's own state, so that a broken import goes on where it broke,
 * and a second import of the same file adds nothing.
 *
 * Refuses what `inspectFile` refuses, `file-damaged` (an archive that ends early; the rows before it are kept),
 * `mapping-does-not-fit` with `faults`, and `import-running` for a source that is being imported at this moment.
 */
export async function importCalls(
  pool: pg.Pool,
  options: ImportOptions,
): Promise<ImportSummary | Refusal | MappingRefusal> {
  const file = await inspectFile(options.path)
  if (isRefusal(file)) return file
  const { source } = options.mapping
  const client = await pool.connect()
  try {
    if (!(await lockSource(client, source))) return refuse('import-running', { detail: { source } })
    try {
      return await importInto(client, file, options)
    } finally {
      await unlockSource(client, source).catch(() => {})
    }
  } finally {
    client.release()
  }
}

async function importInto(
  client: pg.PoolClient,
  file: SourceFile,
  options: ImportOptions,
): Promise<ImportSummary | Refusal | MappingRefusal> {
  const { mapping } = options
  const sha256 = await sha256OfFile(file.path)
  const mappingSha256 = createHash('sha256').update(JSON.stringify(mapping)).digest()
  if (options.dryRun) await client.query('begin')
  let rejects: RejectFile | null = null
  try {
    const unfinished = options.dryRun
      ? null
      : await findUnfinished(client, { source: mapping.source, sha256, mappingSha256 })
    const id = unfinished?.id ?? newId()
    let state: ImportState = unfinished ?? {
      id,
      linesDone: 0,
      accepted: 0,
      duplicates: 0,
      rejected: {},
      hoursDrawn: 0,
      typesUnknown: 0,
      rejectFileBytes: 0,
    }
    const resumedAfterLine = state.linesDone
    let begun = unfinished !== null
    let bytesRead = 0
    let reader: CallReader | null = null
    let batch: CsvItem[] = []

    const flush = async () => {
      state = await storeBatch(client, reader!, batch, state, options, rejects)
      options.onProgress?.({ bytesRead, bytesTotal: file.bytes, rows: rowsOf(state) })
      batch = []
    }

    for await (const items of itemsOfFile(file, mapping, (bytes) => (bytesRead += bytes))) {
      for (const item of items) {
        if (reader === null) {
          const header = headerOf(item)
          const faults = checkColumns(mapping, header)
          if (faults.length > 0) return { refused: 'mapping-does-not-fit', faults }
          reader = callReader(mapping, header, { now: options.now, isInArea: options.isInArea })
          if (!begun) {
            await insertImport(client, {
              id,
              source: mapping.source,
              fileName: basename(file.path),
              sha256,
              mappingSha256,
              startedAt: options.now,
            })
            begun = true
          }
          rejects =
            options.rejectPath === null
              ? null
              : await openRejectFile(options.rejectPath, state.rejectFileBytes, header)
          continue
        }
        if (item.line <= resumedAfterLine) continue
        batch.push(item)
        if (batch.length >= (options.batchRows ?? BATCH_ROWS)) await flush()
      }
    }
    if (reader === null) return refuse('file-empty', { field: 'file', detail: { path: file.path } })
    await flush()
    await saveImport(client, state, options.now)
    return summaryOf(state, mapping.source, resumedAfterLine, options.rejectPath)
  } catch (fault) {
    if (isDamage(fault))
      return refuse('file-damaged', {
        field: 'file',
        detail: { path: file.path, message: (fault as Error).message },
      })
    throw fault
  } finally {
    if (options.dryRun) await client.query('rollback')
    await rejects?.close()
  }
}

/** One batch, one transaction: rows, counts and the line reached. */
async function storeBatch(
  client: pg.PoolClient,
  reader: CallReader,
  batch: readonly CsvItem[],
  state: ImportState,
  options: ImportOptions,
  rejects: RejectFile | null,
): Promise<ImportState> {
  if (batch.length === 0) return state
  const { mapping, hours } = options
  const rejected: Partial<Record<RejectCause, number>> = { ...state.rejected }
  const taken: ReadCall[] = []
  for (const item of batch) {
    const outcome =
      item.kind === 'fault' ? { rejected: item.cause, column: null, value: item.text } : reader(item.cells)
    if (isRejection(outcome)) {
      rejected[outcome.rejected] = (rejected[outcome.rejected] ?? 0) + 1
      rejects?.add(item.line, outcome, item.kind === 'record' ? item.cells : [item.text])
    } else taken.push(outcome)
  }
  if (!options.dryRun) await client.query('begin')
  try {
    const keepsRepeats = 'natural' in mapping.key && mapping.key.repeats === 'keep'
    const seen = keepsRepeats
      ? new Map(await countKeys(client, mapping.source, state.id, distinct(taken)))
      : new Map<string, number>()
    const momentOf = zoneClock(mapping.time.zone)
    const calls: HistoricCall[] = []
    const unknown = new Set<string>()
    for (const call of taken) {
      const occurrence = (seen.get(call.key) ?? 0) + 1
      seen.set(call.key, occurrence)
      if (occurrence > 1 && !keepsRepeats) continue
      if (!call.typeKnown) unknown.add(rowKey({ externalId: call.key, occurrence }))
      calls.push(historicCall(call, occurrence, settleHour(call, occurrence, { ...hours, momentOf })))
    }
    const added = await addCalls(client, mapping.source, state.id, calls)
    const next: ImportState = {
      id: state.id,
      linesDone: batch.at(-1)!.line,
      accepted: state.accepted + added.size,
      duplicates: state.duplicates + taken.length - added.size,
      rejected,
      hoursDrawn: state.hoursDrawn + calls.filter((call) => call.hourDrawn && added.has(rowKey(call))).length,
      typesUnknown: state.typesUnknown + [...unknown].filter((key) => added.has(key)).length,
      rejectFileBytes: (await rejects?.flush()) ?? state.rejectFileBytes,
    }
    await saveImport(client, next, null)
    if (!options.dryRun) await client.query('commit')
    return next
  } catch (fault) {
    if (!options.dryRun) await client.query('rollback')
    throw fault
  }
}

function historicCall(
  call: ReadCall,
  occurrence: number,
  { occurredAt, hourDrawn }: { occurredAt: Instant; hourDrawn: boolean },
): HistoricCall {
  const { key, typeCode, category, description, address, origin, circumstances, facts, lon, lat, raw } = call
  return {
    externalId: key,
    occurrence,
    occurredAt,
    hourDrawn,
    typeCode,
    category,
    description,
    address,
    origin,
    circumstances,
    peopleCount: null,
    facts,
    lon,
    lat,
    raw,
  }
}

/** Counts of the local hours at which a file's calls occurred, for a profile; rows without a known hour are left out. */
export async function countHours(
  path: string,
  mapping: CallMapping,
): Promise<number[] | Refusal | MappingRefusal> {
  const file = await inspectFile(path)
  if (isRefusal(file)) return file
  const counts = Array.from({ length: 24 }, () => 0)
  let hourOf: ((cells: readonly string[]) => number | null) | null = null
  for await (const items of itemsOfFile(file, mapping)) {
    for (const item of items) {
      if (hourOf === null) {
        const header = headerOf(item)
        const faults = checkColumns(mapping, header).filter(({ path: at }) => at.startsWith('time.'))
        if (faults.length > 0) return { refused: 'mapping-does-not-fit', faults }
        hourOf = hourReader(mapping, header)
        continue
      }
      const hour = item.kind === 'record' ? hourOf(item.cells) : null
      if (hour !== null) counts[hour]!++
    }
  }
  return counts
}

function distinct(calls: readonly ReadCall[]): string[] {
  return [...new Set(calls.map(({ key }) => key))]
}

function rejectedIn(state: ImportState): number {
  return Object.values(state.rejected).reduce((sum, count) => sum + count, 0)
}

function rowsOf(state: ImportState): number {
  return state.accepted + state.duplicates + rejectedIn(state)
}

function summaryOf(
  state: ImportState,
  source: string,
  resumedAfterLine: number,
  rejectPath: string | null,
): ImportSummary {
  const { id, accepted, duplicates, rejected, hoursDrawn, typesUnknown } = state
  return {
    importId: id,
    source,
    rows: rowsOf(state),
    accepted,
    duplicates,
    rejectedTotal: rejectedIn(state),
    rejected,
    hoursDrawn,
    typesUnknown,
    resumedAfterLine,
    rejectPath,
  }
}
