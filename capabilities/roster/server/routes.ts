import type { FastifyInstance } from 'fastify'
import type { RosterNeeds } from './needs.ts'
import { registerRosterReadRoutes } from './roster.routes.ts'

export function registerRosterRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  registerRosterReadRoutes(app, needs)
}
