import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { decideCellChange, openCheck, openGround, readCells, type LocatedCell } from '../core/index.ts'
import { changeCells } from './changing.ts'
import { loadGround } from './ground.store.ts'
import type { RosterNeeds } from './needs.ts'
import { lockRoster } from './roster.store.ts'
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
      const loaded = await loadGround(tx, needs, { fromDate, days, roster })
      const cells = readCells(openGround(loaded.ground), body.changes)
      if (isRefusal(cells)) return cells
      const foreign = foreignCell(actor, cells)
      if (foreign) return foreign
      const by = { origin: 'hand', action: 'roster.change-cells', reason } as const
      const changed = await changeCells(tx, actor, needs, roster, loaded, cells, by)
      return { etag: changed.version, body: changed }
    },
  })
}

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
