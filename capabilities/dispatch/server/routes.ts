import type { FastifyInstance } from 'fastify'
import type { DispatchNeeds } from './needs.ts'
import { registerAssignmentRoutes } from './assignment.routes.ts'
import { registerDispatchSettingRoutes } from './setting.routes.ts'
import { registerNoticeRoutes } from './notice.routes.ts'

/** Recommendation, orders, the steps of crews, notices, policies. */
export function registerDispatchRoutes(app: FastifyInstance, needs: DispatchNeeds): void {
  registerAssignmentRoutes(app, needs)
  registerNoticeRoutes(app)
  registerDispatchSettingRoutes(app)
}
