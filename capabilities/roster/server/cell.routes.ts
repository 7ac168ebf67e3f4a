import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import {
  decideCellChange,
  openCheck,
  openGround,
  optionKey,
  readCells,
  type LocatedCell,
  type OpenGround,
} from '../core/index.ts'
import { writeCells } from './duty.store.ts'
import { loadGround } from './ground.store.ts'
import { announceRoster } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import { advanceRoster, appendRosterEvent, lockRoster } from './roster.store.ts'
import { BreachShown, closed, Day, Id, IdParams, OptionKey, Reason } from './schemas.ts'
import { maySee, seeRoster } from './seeing.ts'

const Changes = Type.Array(Type.Object({ officerId: Id, date: Day, option: OptionKey }, closed), {
  minItems: 1,
  maxItems: 2_000,
})
const Difference = Type.Object({
  added: Type.Array(BreachShown),
  removed: Type.Array(BreachShown),
  version: Type.Integer(),
})

/** Cells by hand: what a change would break, and making it. */
export function registerCellRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'POST',
    url: '/api/rosters/:id/check',
    summary: 'What changes of cells would break and mend, without writing anything',
    permission: 'roster.read',
    schema: {
      params: IdParams,
      body: Type.Object({ changes: Changes }, closed),
      response: Difference,
    },
    async handle(actor, { params, body }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { fromDate, days, version } = roster
      const { ground, grid } = await loadGround(app.db, needs, { fromDate, days, roster })
      const cells = readCells(openGround(ground), body.changes)
      if (isRefusal(cells)) return cells
      return { body: { ...openCheck(ground, grid).try(cells), version } }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/rosters/:id/cells',
    summary:
      'Changes cells of a draft, or with a reason of a published roster: rows of the own stations alone; all or none',
    permission: 'roster.edit',
    schema: {
      params: IdParams,
      body: Type.Object({ changes: Changes, reason: Type.Optional(Reason) }, closed),
      response: Difference,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster || !maySee(actor, roster)) return refuse('not-found')
      const reason = body.reason ?? actor.reason
      const fault = matchVersion(ifMatch, roster.version) ?? decideCellChange(roster, reason)
      if (fault) return fault
      const { fromDate, days } = roster
      const { ground, grid } = await loadGround(tx, needs, { fromDate, days, roster })
      const open = openGround(ground)
      const cells = readCells(open, body.changes)
      if (isRefusal(cells)) return cells
      const foreign = foreignCell(actor, cells)
      if (foreign) return foreign
      const check = openCheck(ground, grid)
      const before = cells.map(({ officerId, date }) =>
        optionKey(check.option(open.officerIndex.get(officerId)!, dayOf(open, date))),
      )
      const difference = check.apply(cells)
      await writeCells(tx, roster.id, open, cells, 'hand', needs.timeZone())
      // What a solver said of it is not true of it any more.
      const version = await advanceRoster(tx, roster, { objective: null, bound: null, solveSeconds: null })
      const officerIds = [...new Set(cells.map(({ officerId }) => officerId))]
      await appendRosterEvent(tx, roster.id, version, 'changed', { officerIds, cells: cells.length }, actor)
      await writeAudit(tx, actor, {
        action: 'roster.change-cells',
        subjectKind: 'roster',
        subjectId: roster.id,
        ...(reason ? { reason } : {}),
        detail: {
          number: roster.number,
          state: roster.state,
          cells: cells.map(({ officerId, date, option }, place) => ({
            ...{ officerId, date, before: before[place], after: optionKey(option) },
          })),
        },
      })
      await announceRoster(tx, actor, { ...roster, version }, 'roster.changed', { officerIds })
      return { etag: version, body: { ...difference, version } }
    },
  })
}

const dayOf = (open: OpenGround, date: string): number => open.dates.indexOf(date)

/** A row is its officer's station's, and a duty at another station is that station's too. */
function foreignCell(actor: ActorContext, cells: readonly LocatedCell[]): Refusal | null {
  const foreign = cells.find(
    ({ organisationId, option }) =>
      !actor.mayFor('roster.edit', organisationId) ||
      (option.kind === 'duty' && !actor.mayFor('roster.edit', option.organisationId)),
  )
  return foreign
    ? refuse('out-of-scope', { field: 'changes', detail: { officerId: foreign.officerId } })
    : null
}
