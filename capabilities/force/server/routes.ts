import type { FastifyInstance } from 'fastify'
import { createHash } from 'node:crypto'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { route } from '../../../foundation/server/http/route.ts'
import type { UnitId, UnitStatus } from '../core/index.ts'
import { registerLoanRoutes } from './loan.routes.ts'
import { registerOfficerRoutes } from './officer.routes.ts'
import { registerOrganisationRoutes } from './organisation.routes.ts'
import { ForceBoardSchema, forceBoardJson } from './schemas.ts'
import { readForceBoard } from './store.ts'
import { registerUnitRoutes } from './unit.routes.ts'

/** What the force needs from rooms that it does not know. */
export interface ForceDeps {
  /** What the unit is bound to, so that it is freed there and not by a tap; null where it is free. */
  commitmentOf(tx: Tx, unitId: UnitId): Promise<Readonly<Record<string, unknown>> | null>
  /** Which statuses count as being on the street, as configured now. */
  isOut(db: Db | Tx): Promise<(status: UnitStatus) => boolean>
}

export function registerForceRoutes(app: FastifyInstance, deps: ForceDeps): void {
  route(app, {
    method: 'GET',
    url: '/api/force-board',
    summary:
      'All forces of all departments: organisations, officers, vehicles, units, loans; no personal data',
    permission: 'force.read',
    schema: { response: ForceBoardSchema },
    async handle(actor) {
      const body = forceBoardJson(await readForceBoard(app.db, actor.now), actor.now)
      const etag = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)
      return { etag, headers: { 'cache-control': 'no-cache' }, body }
    },
  })
  registerOrganisationRoutes(app)
  registerOfficerRoutes(app, deps)
  registerUnitRoutes(app, deps)
  registerLoanRoutes(app)
}
