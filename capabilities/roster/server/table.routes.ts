import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import {
  badgeColumn,
  decideCellChange,
  IMPORT_CAUSES,
  openGround,
  optionKey,
  planRosterImport,
} from '../core/index.ts'
import { changeCells } from './changing.ts'
import { loadGround } from './ground.store.ts'
import type { RosterNeeds } from './needs.ts'
import { lockRoster } from './roster.store.ts'
import { rosterWorkbook } from './roster.workbook.ts'
import { IdParams, Nullable, oneOf } from './schemas.ts'
import { maySee, seeRoster } from './seeing.ts'
import { readRosterTable } from './table.reading.ts'
import { workbookAnswer, XLSX } from './workbook.ts'

const Language = Type.Optional(oneOf(['zh-CN', 'en']))
/** 500 officers of a month are some 200 kB. */
const MOST_BYTES = 8_000_000

/** Rosters as files: out with names, in row by row. */
export function registerTableRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/roster.xlsx',
    summary: 'The rows of the own stations with names, as a workbook that the import reads again',
    permission: 'roster.export',
    personal: { subjectKind: 'roster', subjectId: ({ params }) => params.id },
    schema: {
      params: IdParams,
      querystring: Type.Object({ lang: Language }),
      response: Type.Unknown({ description: XLSX }),
    },
    async handle(actor, { params, query }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { lang = 'zh-CN' } = query
      const { fromDate, days, number } = roster
      const loaded = await loadGround(app.db, needs, { fromDate, days, roster })
      const rows = loaded.ground.officers.flatMap(({ organisationId }, row) =>
        actor.mayFor('roster.export', organisationId) ? [row] : [],
      )
      const organisations = await needs.listOrganisations(app.db)
      const people = {
        organisationNames: new Map(
          organisations.map(({ id, nameZh, nameEn }) => [id as string, lang === 'en' ? nameEn : nameZh]),
        ),
        badges: new Map(
          (await needs.listOfficers(app.db)).map(({ id, badgeNumber }) => [id as string, badgeNumber]),
        ),
        names: new Map(
          (await needs.listPersons(app.db, actor.scopeOf('roster.export'))).map(({ id, name }) => [id, name]),
        ),
      }
      return workbookAnswer(rosterWorkbook(loaded, rows, people, lang), number)
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/import',
    summary:
      'Reads rows of a workbook or delimited text (as the body): each accepted or rejected with line, column and cause; `dryRun` writes nothing',
    permission: 'roster.edit',
    bodyLimit: MOST_BYTES,
    schema: {
      params: IdParams,
      querystring: Type.Object({ dryRun: Type.Optional(Type.Boolean()), lang: Language }),
      response: Type.Object({
        accepted: Type.Integer(),
        changed: Type.Integer(),
        rejected: Type.Array(
          Type.Object({
            line: Type.Integer(),
            column: Nullable(Type.String()),
            value: Nullable(Type.String()),
            code: oneOf(IMPORT_CAUSES),
          }),
        ),
        version: Type.Integer(),
      }),
    },
    async handle(tx, actor, { params, query, ifMatch, request }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster || !maySee(actor, roster)) return refuse('not-found')
      const fault =
        (query.dryRun ? null : matchVersion(ifMatch, roster.version)) ??
        decideCellChange(roster, actor.reason)
      if (fault) return fault
      if (!Buffer.isBuffer(request.body)) return refuse('import-unreadable')
      const table = await readRosterTable(request.body)
      if (isRefusal(table)) return table
      if (badgeColumn(table) === null) return refuse('import-no-badges', { field: 'badge' })
      const { fromDate, days } = roster
      const loaded = await loadGround(tx, needs, { fromDate, days, roster })
      const open = openGround(loaded.ground)
      const badges = new Map(
        (await needs.listOfficers(tx)).map(({ id, badgeNumber }) => [badgeNumber, id as string]),
      )
      const { cells, accepted, rejected } = planRosterImport(open, table, badges, (organisationId) =>
        actor.mayFor('roster.edit', organisationId),
      )
      const changed = cells.filter(
        ({ officerId, date, option }) =>
          optionKey(loaded.grid[open.officerIndex.get(officerId)!]![open.dates.indexOf(date)]!) !==
          optionKey(option),
      )
      const outcome = { accepted, changed: changed.length, rejected }
      if (query.dryRun) return { body: { ...outcome, version: roster.version } }
      if (changed.length === 0) {
        await writeAudit(tx, actor, {
          action: 'roster.import',
          subjectKind: 'roster',
          subjectId: roster.id,
          detail: { number: roster.number, accepted, changed: 0, rejected: rejected.length },
        })
        return { etag: roster.version, body: { ...outcome, version: roster.version } }
      }
      const by = { origin: 'import', action: 'roster.import', reason: actor.reason } as const
      const { version } = await changeCells(tx, actor, needs, roster, loaded, changed, by)
      return { etag: version, body: { ...outcome, version } }
    },
  })
}
