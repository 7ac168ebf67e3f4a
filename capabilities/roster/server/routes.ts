import type { FastifyInstance } from 'fastify'
import { registerCellRoutes } from './cell.routes.ts'
import { registerGroundRoutes } from './ground.routes.ts'
import { registerLifeRoutes } from './life.routes.ts'
import type { RosterNeeds } from './needs.ts'
import { registerPatternRoutes } from './pattern.routes.ts'
import { registerPostRoutes } from './post.routes.ts'
import { registerPreviewRoutes } from './preview.routes.ts'
import { registerRosterReadRoutes } from './roster.routes.ts'
import { registerSchemeRoutes } from './scheme.routes.ts'
import { registerSolveRoutes } from './solve.routes.ts'
import type { Solving } from './solving.ts'
import { registerRosterSettingRoutes } from './setting.routes.ts'
import { registerTableRoutes } from './table.routes.ts'

export function registerRosterRoutes(app: FastifyInstance, needs: RosterNeeds, solving: Solving): void {
  registerPatternRoutes(app)
  registerSchemeRoutes(app, needs)
  registerPostRoutes(app, needs)
  registerRosterSettingRoutes(app)
  registerRosterReadRoutes(app, needs)
  registerGroundRoutes(app, needs)
  registerCellRoutes(app, needs)
  registerLifeRoutes(app, needs)
  registerPreviewRoutes(app, needs)
  registerTableRoutes(app, needs)
  registerSolveRoutes(app, needs, solving)
}
