import type { FastifyInstance } from 'fastify'
import type { IncidentNeeds } from './commands.ts'
import { registerIncidentConfigurationRoutes } from './configuration.routes.ts'
import { registerIncidentCommandRoutes } from './incident.routes.ts'
import { registerIncidentReadingRoutes } from './reading.routes.ts'
import { registerReportRoutes } from './report.routes.ts'

/** Reports, incidents, their timeline and report, dictionaries and settings. */
export function registerIncidentRoutes(app: FastifyInstance, needs: IncidentNeeds): void {
  registerReportRoutes(app, needs)
  registerIncidentReadingRoutes(app, needs)
  registerIncidentCommandRoutes(app, needs)
  registerIncidentConfigurationRoutes(app)
}
