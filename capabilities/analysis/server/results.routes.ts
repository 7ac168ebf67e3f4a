import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { wallClock } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import type { Language } from '../../../foundation/server/texts.ts'
import { resultsCsv } from './result-exports.ts'
import { ResultDetailShown, ResultQuery, ResultsShown } from './result-schemas.ts'
import { shownDetail, shownResults } from './result-shown.ts'
import { resultsPdf } from './results-pdf.ts'
import type { Results, ResultsQuestion } from './results.ts'

const Asked = Type.Object(ResultQuery)
const LANGUAGES = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])

/** How the district and its categories are called on paper. */
export interface PaperNeeds {
  timeZone(): string
  districtName(language: Language): Promise<string>
  /** Names of incident types by code; what is imported under other names keeps them. */
  categoryNames(language: Language): Promise<ReadonlyMap<string, string>>
}

/** Counts beside a year and a period earlier, with what can be told from them. */
export function registerResultRoutes(app: FastifyInstance, results: Results, paper: PaperNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/results',
    summary: 'Counts by place or category beside last year and the period before, each with a verdict',
    permission: 'analysis.read',
    schema: { querystring: Asked, response: ResultsShown },
    async handle(actor, { query }) {
      const answered = await results.answer(questionOf(query), actor.now)
      return isRefusal(answered) ? answered : { body: shownResults(answered) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/results/detail',
    summary: 'One place and category: three years of months, and the places it was compared with',
    permission: 'analysis.read',
    schema: { querystring: Asked, response: ResultDetailShown },
    async handle(actor, { query }) {
      const question = questionOf(query)
      if (question.placeId === null) return refuse('not-found', { field: 'place' })
      const answered = await results.answer({ ...question, by: 'place', withDetail: true }, actor.now)
      if (isRefusal(answered)) return answered
      const { rows, part, detail } = answered.answer
      return { body: shownDetail(rows[0]!, part, detail!) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/results.csv',
    summary: 'The same as a table for a spreadsheet',
    permission: 'analysis.read',
    schema: {
      querystring: Type.Object({ ...ResultQuery, language: Type.Optional(LANGUAGES) }),
      response: Type.Unknown({ description: 'text/csv; charset=utf-8' }),
    },
    async handle(actor, { query }) {
      const answered = await results.answer(questionOf(query), actor.now)
      if (isRefusal(answered)) return answered
      const shown = shownResults(answered)
      return {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="results-${shown.counted.from}-${shown.counted.last}.csv"`,
          'cache-control': 'no-store',
        },
        body: Buffer.from(resultsCsv(shown)),
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/results.pdf',
    summary: 'The same on A4, for the file or the wall',
    permission: 'analysis.read',
    schema: {
      querystring: Type.Object({ ...ResultQuery, language: Type.Optional(LANGUAGES) }),
      response: Type.Unknown({ description: 'application/pdf' }),
    },
    async handle(actor, { query }) {
      const answered = await results.answer(questionOf(query), actor.now)
      if (isRefusal(answered)) return answered
      const shown = shownResults(answered)
      const language = query.language ?? 'zh-CN'
      const names = await paper.categoryNames(language)
      return {
        headers: {
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename="results-${shown.counted.from}-${shown.counted.last}.pdf"`,
          'cache-control': 'no-store',
        },
        body: resultsPdf(shown, {
          language,
          districtName: await paper.districtName(language),
          writtenAt: writtenAt(actor.now, paper.timeZone()),
          categoryName: (code) => names.get(code) ?? code,
        }),
      }
    },
  })
}

const writtenAt = (now: number, timeZone: string) => {
  const { year, month, day, hour, minute } = wallClock(now, timeZone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

function questionOf(query: Static<typeof Asked>): ResultsQuestion {
  return {
    period: { kind: query.period, from: query.from, until: query.until ?? null },
    by: query.by ?? 'place',
    placeId: query.place ?? null,
    category: query.category ?? null,
    chosenOnBaseline: query.chosen ?? false,
    withDetail: false,
  }
}
