import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  planAreasImport,
  planSitesImport,
  type AreaRow,
  type PlaceImportKnowledge,
  type PlaceRejection,
  type PlaceRow,
} from '../core/register-import.ts'
import type { MapPackage } from './map-package.ts'
import { replaceMap } from './map.store.ts'
import { upsertAreas, upsertSites } from './register.store.ts'

export interface ImportOutcome {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly rejections: readonly PlaceRejection[]
}

/** Takes the rows of a sites file in one transaction. The same file twice changes nothing the second time. */
export function importSites(
  db: Db,
  actor: ActorContext,
  rows: readonly PlaceRow[],
  known: PlaceImportKnowledge,
): Promise<ImportOutcome> {
  const plan = planSitesImport(rows, known)
  return inTransaction(db, async (tx) => {
    const { added, changed } = await upsertSites(tx, plan.drafts)
    return record(tx, actor, 'site', {
      added,
      changed,
      taken: plan.drafts.length,
      rejections: plan.rejections,
    })
  })
}

/** Takes the features of an areas file in one transaction. As with sites, twice is once. */
export function importAreas(
  db: Db,
  actor: ActorContext,
  rows: readonly AreaRow[],
  known: PlaceImportKnowledge,
): Promise<ImportOutcome> {
  const plan = planAreasImport(rows, known)
  return inTransaction(db, async (tx) => {
    const { added, changed } = await upsertAreas(tx, plan.drafts)
    return record(tx, actor, 'area', {
      added,
      changed,
      taken: plan.drafts.length,
      rejections: plan.rejections,
    })
  })
}

/** Puts a map in the place of the one before, in one transaction. A running server takes it up at its next start. */
export function importMap(db: Db, actor: ActorContext, map: MapPackage): Promise<void> {
  return inTransaction(db, async (tx) => {
    await replaceMap(tx, map, actor.now)
    await writeAudit(tx, actor, {
      action: 'place.import-map',
      subjectKind: 'map',
      subjectId: null,
      detail: { name: map.name, attribution: map.attribution, counts: map.counts, notes: map.notes },
    })
    await announce(tx, {
      topic: 'district.changed',
      subjectId: 'map',
      organisationId: null,
      permission: 'place.read',
      at: actor.now,
      data: {},
    })
  })
}

async function record(
  tx: Tx,
  actor: ActorContext,
  kind: 'site' | 'area',
  found: { added: number; changed: number; taken: number; rejections: readonly PlaceRejection[] },
): Promise<ImportOutcome> {
  const { added, changed, taken, rejections } = found
  const outcome = { added, changed, unchanged: taken - added - changed }
  await writeAudit(tx, actor, {
    action: `place.import-${kind}s`,
    subjectKind: kind,
    subjectId: null,
    detail: { ...outcome, rejected: rejections.length },
  })
  if (added + changed > 0) {
    await announce(tx, {
      topic: `${kind}.changed`,
      subjectId: 'import',
      organisationId: null,
      permission: 'place.read',
      at: actor.now,
      data: { imported: { added, changed } },
    })
  }
  return { ...outcome, rejections }
}
