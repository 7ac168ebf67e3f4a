import type { FastifyInstance } from 'fastify'
import { registerMapRoutes } from './map.routes.ts'
import { registerRegisterRoutes, type RegisterDeps } from './register.routes.ts'

/** All routes of places: the district, its map, the search, sites, areas and key places. */
export function registerPlaceRoutes(app: FastifyInstance, deps: RegisterDeps): void {
  registerMapRoutes(app)
  registerRegisterRoutes(app, deps)
}
