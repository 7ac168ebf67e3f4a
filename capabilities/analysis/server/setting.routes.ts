import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { settingRoutes } from '../../../foundation/server/http/setting-routes.ts'
import {
  ANALYSIS_RETENTION_SETTING,
  DAILY_SETTING,
  dailyFault,
  DEFAULT_ANALYSIS_RETENTION,
  DEFAULT_DAILY,
  DEFAULT_RISK_SURFACE,
  RISK_SURFACE_SETTING,
} from '../core/index.ts'
import { Daily } from './schemas.ts'

const closed = { additionalProperties: false }

/** How each day is planned, how finely risk is laid out, and how long what runs made is kept. */
export function registerAnalysisSettingRoutes(app: FastifyInstance): void {
  settingRoutes(app, {
    url: '/api/analysis-settings',
    summary: 'How each day is planned; version 0 is the default',
    readPermission: 'analysis.read-settings',
    configurePermission: 'analysis.configure',
    settings: [
      {
        key: DAILY_SETTING,
        schema: Daily,
        defaults: DEFAULT_DAILY,
        summary: 'Plans each day otherwise',
        fault: dailyFault,
      },
      {
        key: ANALYSIS_RETENTION_SETTING,
        schema: Type.Object({ days: Type.Integer({ minimum: 30, maximum: 3_650 }) }, closed),
        defaults: DEFAULT_ANALYSIS_RETENTION,
        summary: 'Keeps what runs made for another time',
      },
      {
        key: RISK_SURFACE_SETTING,
        schema: Type.Object({ cellMetres: Type.Number({ minimum: 100, maximum: 2_000 }) }, closed),
        defaults: DEFAULT_RISK_SURFACE,
        summary: 'Lays out expected incidents in cells of another size; days kept stay as they are',
      },
    ],
  })
}
