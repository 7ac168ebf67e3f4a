import { basename, resolve } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { isRefusal, type Refusal } from '../../foundation/core/outcome.ts'
import type { Database, Db, Tx } from '../../foundation/server/db.ts'
import { systemContext, type ActorContext } from '../../foundation/server/http/context.ts'
import {
  COORDINATE_SYSTEMS,
  projectionOf,
  type CoordinateSystem,
} from '../../capabilities/place/core/index.ts'
import type { PlaceImportKnowledge } from '../../capabilities/place/core/register-import.ts'
import { importAreas, importSites } from '../../capabilities/place/server/imports.ts'
import { findStoredMap } from '../../capabilities/place/server/map.store.ts'
import { importOfficers, importUnits } from '../../capabilities/force/server/imports.ts'
import { listOrganisations } from '../../capabilities/force/server/store.ts'
import { csvLine } from '../../capabilities/incident/core/import/csv.ts'
import { withDatabase } from './connection.ts'
import { wholeNumber, type Options } from './options.ts'
import { EXIT, tellRefusal, UsageFault, type ExitCode } from './outcome.ts'
import { readTable } from './tables/read-table.ts'
import type { Table } from './tables/table.ts'
import type { Words } from './words.ts'

export const REGISTERS = ['sites', 'officers', 'units', 'areas'] as const
export type Register = (typeof REGISTERS)[number]

interface Outcome {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly rejections: readonly {
    readonly row: number
    readonly field: string
    readonly cause: string
    readonly value: string
  }[]
}

const SHOWN_REJECTIONS = 10

/** `xunfang import sites|officers|units|areas FILE`: a register from CSV, Excel or GeoJSON. Twice is once. */
export async function importRegister(
  register: Register,
  file: string,
  options: Options,
  words: Words,
): Promise<ExitCode> {
  const coordinates = coordinatesOf(options)
  if (isRefusal(coordinates)) return tellRefusal(words, coordinates)
  const table = await readTable(file, options.sheet ?? null)
  if (isRefusal(table)) return tellRefusal(words, table)
  if (table.rows.length + table.faults.length === 0)
    return tellRefusal(words, { refused: 'file-empty', detail: { path: file } })
  return withDatabase(options.data, async (database) => {
    const outcome = await inRehearsal(database.db, options['dry-run'] ?? false, (db) =>
      importInto(db, register, table, options, coordinates),
    )
    const rejections = [
      ...table.faults.map(({ row, cause, value }) => ({ row, field: '', cause, value })),
      ...outcome.rejections,
    ].sort((a, b) => a.row - b.row)
    words.say(options['dry-run'] ? 'register.rehearsed' : 'register.done', {
      register: words.text(`register.name.${register}`, {}, ' / '),
      rows: table.rows.length + table.faults.length,
      added: outcome.added,
      changed: outcome.changed,
      unchanged: outcome.unchanged,
      rejected: rejections.length,
    })
    if (rejections.length === 0) return EXIT.done
    for (const { row, field, cause, value } of rejections.slice(0, SHOWN_REJECTIONS))
      words.say('rejected-row', {
        row,
        field,
        value: value.slice(0, 80),
        cause,
        text: words.text(causeKey(cause, words), {}, ' / '),
      })
    const path = resolve(options.rejects ?? `${basename(file)}.rejected.csv`)
    await writeFile(
      path,
      `\ufeff${csvLine(['row', 'field', 'cause', 'value'])}${rejections.map(({ row, field, cause, value }) => csvLine([row, field, cause, value])).join('')}`,
    )
    words.say('reject-file', { path })
    return options.strict ? EXIT.rejected : EXIT.done
  })
}

async function importInto(
  db: Db,
  register: Register,
  table: Table,
  options: Options,
  coordinates: PlaceImportKnowledge['coordinates'],
): Promise<Outcome> {
  const actor: ActorContext = systemContext('xunfang import', Date.now())
  if (register === 'officers') return importOfficers(db, actor, table.rows)
  if (register === 'units') return importUnits(db, actor, table.rows)
  const bounds = options.anywhere ? null : ((await findStoredMap(db))?.bounds ?? null)
  const known: PlaceImportKnowledge = { organisations: await listOrganisations(db), coordinates, bounds }
  return register === 'sites'
    ? importSites(db, actor, table.rows, known)
    : importAreas(db, actor, table.rows, known)
}

function coordinatesOf(options: Options): PlaceImportKnowledge['coordinates'] | Refusal {
  if (options.epsg !== undefined) {
    const projection = projectionOf(wholeNumber(options, 'epsg', 4326))
    return isRefusal(projection) ? projection : { projection }
  }
  const system = options.system ?? 'wgs-84'
  if (!(COORDINATE_SYSTEMS as readonly string[]).includes(system))
    throw new UsageFault('usage.system-unknown', { value: system, allowed: COORDINATE_SYSTEMS.join(', ') })
  return { system: system as CoordinateSystem }
}

/** Causes of our own reading, of sites and areas, of officers and units. */
function causeKey(cause: string, words: Words): string {
  return (
    [`cause.${cause}`, `import.cause.${cause}`, `import-cause.${cause}`].find((key) => words.has(key)) ??
    cause
  )
}

/** Does the work; where it is only rehearsed, in a transaction that is rolled back. */
async function inRehearsal<T>(
  db: Database['db'],
  isRehearsal: boolean,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  if (!isRehearsal) return work(db)
  class Rehearsed {
    readonly outcome: T
    constructor(outcome: T) {
      this.outcome = outcome
    }
  }
  try {
    await db.transaction().execute(async (tx: Tx) => {
      throw new Rehearsed(await work(insideOf(tx)))
    })
  } catch (thrown) {
    if (thrown instanceof Rehearsed) return thrown.outcome
    throw thrown
  }
  throw new Error('a rehearsal ended without an outcome')
}

/** A transaction that answers to «begin a transaction» with itself, so that what the work begins is rolled back too. */
function insideOf(tx: Tx): Db {
  return new Proxy(tx, {
    get(target, property) {
      if (property === 'transaction')
        return () => ({ execute: (work: (inner: Tx) => unknown) => work(target) })
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value
    },
  })
}
