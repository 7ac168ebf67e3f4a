import type { FastifyInstance } from 'fastify'
import { registerDeviceRoutes } from './device-routes.ts'
import { registerIntakeRoutes } from './intake-routes.ts'
import { registerKeyPlaceRoutes } from './key-place-routes.ts'
import { registerReadingRoutes } from './reading-routes.ts'
import type { Location } from './room.ts'

export function registerLocationRoutes(app: FastifyInstance, location: Location): void {
  registerIntakeRoutes(app, location)
  registerDeviceRoutes(app, location)
  registerReadingRoutes(app, location)
  registerKeyPlaceRoutes(app, location)
}
