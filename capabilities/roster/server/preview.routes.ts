import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { findDayNumber } from '../../../foundation/core/day.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { DEFAULT_COST_RATES, previewPattern } from '../core/index.ts'
import { readJudgedBy } from './ground.store.ts'
import type { RosterNeeds } from './needs.ts'
import { findPattern } from './pattern.store.ts'
import { previewWorkbook, type Comparison } from './preview.workbook.ts'
import { AnyObject, closed, Code, Day, Id, oneOf } from './schemas.ts'
import { workbookAnswer, XLSX } from './workbook.ts'

const Rates = Type.Object(
  {
    weekMinutes: Type.Integer({ minimum: 0, maximum: 10_080 }),
    overtimeFactor: Type.Number({ minimum: 1, maximum: 10 }),
    nightSupplement: Type.Number({ minimum: 0, maximum: 10 }),
    hourPrice: Type.Union([Type.Number({ minimum: 0, maximum: 1e6 }), Type.Null()]),
  },
  closed,
)
/** Whole weeks, so that each of the 168 hours is seen as often. */
const Days = Type.Integer({ minimum: 7, maximum: 728, multipleOf: 7 })
const Side = Type.Object({ patternCode: Code }, closed)
const Asked = Type.Object(
  {
    organisationIds: Type.Array(Id, { minItems: 1, maxItems: 500 }),
    left: Side,
    right: Side,
    fromDate: Day,
    days: Days,
    rates: Type.Optional(Rates),
  },
  closed,
)
type Asked = Static<typeof Asked>

/** Two patterns side by side on the same officers, before anything changes. */
export function registerPreviewRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'POST',
    url: '/api/roster-previews',
    summary: 'Two duty patterns side by side on the same officers; nothing is written and nobody is named',
    permission: 'roster.read-drafts',
    schema: {
      body: Asked,
      response: Type.Object({
        fromDate: Type.String(),
        days: Type.Integer(),
        officers: Type.Array(Type.Object({ id: Id, organisationId: Id })),
        rates: Rates,
        left: AnyObject,
        right: AnyObject,
      }),
    },
    async handle(_actor, { body }) {
      const comparison = await compare(app.db, needs, body)
      return isRefusal(comparison) ? comparison : { body: comparison }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/roster-previews/preview.xlsx',
    summary: 'The same comparison as a workbook',
    permission: 'roster.read-drafts',
    schema: {
      querystring: Type.Object({
        organisationIds: Type.Array(Id, { minItems: 1, maxItems: 500 }),
        left: Code,
        right: Code,
        fromDate: Day,
        days: Days,
        lang: Type.Optional(oneOf(['zh-CN', 'en'])),
      }),
      response: Type.Unknown({ description: XLSX }),
    },
    async handle(_actor, { query }) {
      const { organisationIds, left, right, fromDate, days, lang = 'zh-CN' } = query
      const sides = { left: { patternCode: left }, right: { patternCode: right } }
      const comparison = await compare(app.db, needs, { organisationIds, fromDate, days, ...sides })
      if (isRefusal(comparison)) return comparison
      const names = new Map<string, string>()
      for (const code of [left, right]) {
        const { pattern } = (await findPattern(app.db, code))!
        names.set(code, lang === 'en' ? pattern.nameEn : pattern.nameZh)
      }
      return workbookAnswer(previewWorkbook(comparison, names, lang), `preview-${left}-${right}`)
    },
  })
}

/** Refuses `invalid-date`, `pattern-unknown`, `nobody-to-preview`. */
async function compare(db: Db, needs: RosterNeeds, asked: Asked): Promise<Comparison | Refusal> {
  if (findDayNumber(asked.fromDate) === null) return refuse('invalid-date', { field: 'fromDate' })
  const [left, right] = [
    await findPattern(db, asked.left.patternCode),
    await findPattern(db, asked.right.patternCode),
  ]
  if (!left) return refuse('pattern-unknown', { field: 'left' })
  if (!right) return refuse('pattern-unknown', { field: 'right' })
  const chosen = new Set(asked.organisationIds)
  const officers = (await needs.listOfficers(db))
    .filter(({ organisationId }) => chosen.has(organisationId))
    .map(({ id, organisationId, sworn, patrolCapable }) => ({
      ...{ id: id as string, organisationId: organisationId as string, sworn, patrolCapable },
    }))
  if (officers.length === 0) return refuse('nobody-to-preview', { field: 'organisationIds' })
  const { rules } = await readJudgedBy(db, asked.fromDate)
  const { fromDate, days } = asked
  const rates = asked.rates ?? DEFAULT_COST_RATES
  const question = { fromDate, days, officers, rules, rates }
  return {
    ...{ fromDate, days, rates },
    officers: officers.map(({ id, organisationId }) => ({ id, organisationId })),
    left: previewPattern(left.pattern, question),
    right: previewPattern(right.pattern, question),
  }
}
