import type { FastifyInstance } from 'fastify'
import { createHash } from 'node:crypto'
import { route } from '../../../foundation/server/http/route.ts'
import { registerLoanRoutes } from './loan.routes.ts'
import type { ForceNeeds } from './needs.ts'
import { registerOfficerRoutes } from './officer.routes.ts'
import { registerOrganisationRoutes } from './organisation.routes.ts'
import { ForceBoardSchema, forceBoardJson } from './schemas.ts'
import { readForceBoard } from './store.ts'
import { registerUnitRoutes } from './unit.routes.ts'

export function registerForceRoutes(app: FastifyInstance, needs: ForceNeeds): void {
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
  registerOfficerRoutes(app, needs)
  registerUnitRoutes(app, needs)
  registerLoanRoutes(app)
}
