import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, SEPARATED_ADMINISTRATORS, type Role } from '../../foundation/core/access.ts'
import { openHouse, type Caller, type TestHouse } from '../house.ts'
import { fuzzed, type JsonSchema } from './arbitrary.ts'

interface Operation {
  summary?: string
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, unknown>
  'x-permission'?: string
}
interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

/** Calls a route: enough to meet each part of it gone wild several times, few enough for CI. */
const CALLS = 40
/** The same inputs in every run; `FUZZ_SEED` tries others. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261124)

/** What every one of the three administrators' callers is tried in turn: together they hold every role. */
const CALLERS: Role[][] = SEPARATED_ADMINISTRATORS.map((administrator) => [
  ...ROLES.filter((role) => !SEPARATED_ADMINISTRATORS.includes(role)),
  administrator,
])

describe('every route, fed from its own schema', () => {
  let house: TestHouse
  let callers: Caller[]
  let api: OpenApi
  beforeAll(async () => {
    house = await openHouse()
    callers = await Promise.all(CALLERS.map((roles) => house.as(...roles)))
    api = (await callers[0]!.get<OpenApi>('/api/openapi.json')).body
  })
  afterAll(() => house.close())

  it('is described as OpenAPI 3.1, with a permission and a summary each', () => {
    expect(api.openapi).toBe('3.1.0')
    const operations = Object.values(api.paths).flatMap((path) => Object.values(path))
    expect(operations.length).toBeGreaterThan(10)
    for (const operation of operations)
      expect(operation, JSON.stringify(operation).slice(0, 200)).toMatchObject({
        summary: expect.any(String),
        'x-permission': expect.any(String),
      })
  })

  it('never answers 5xx, and every refusal is a problem that names its code', async () => {
    const faults: string[] = []
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const inputs = fc.sample(inputOf(operation), { numRuns: CALLS, seed: SEED })
        for (const [position, input] of inputs.entries()) {
          const reply = await call(callers[position % callers.length]!, method, path, input)
          const { status } = reply
          const what = `${method.toUpperCase()} ${path} ${JSON.stringify(input).slice(0, 600)} → ${status} ${JSON.stringify(reply.body).slice(0, 300)}`
          if (status >= 500) faults.push(what)
          if (status >= 400 && status < 500 && typeof (reply.body as { code?: unknown }).code !== 'string')
            faults.push(`no code: ${what}`)
        }
      }
    }
    expect(faults.join('\n')).toBe('')
  })
})

interface FuzzInput {
  path: Record<string, unknown>
  query: Record<string, unknown>
  body: unknown
  ifMatch: string | null
}

function inputOf(operation: Operation): fc.Arbitrary<FuzzInput> {
  const parameters = (where: string) =>
    Object.fromEntries(
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === where)
        .map((parameter) => [parameter.name, fuzzed(parameter.schema)]),
    )
  const schema = operation.requestBody?.content['application/json']?.schema
  return fc.record({
    path: fc.record(parameters('path')),
    query: fc.record(parameters('query'), { requiredKeys: [] }),
    body: schema ? fuzzed(schema) : fc.constant(undefined),
    ifMatch: fc.constantFrom(null, '"0"', '"1"', '*', 'W/"x"'),
  })
}

async function call(caller: Caller, method: string, path: string, input: FuzzInput) {
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(wellFormed(text(input.path[name])) || 'x'),
  )
  const query = new URLSearchParams(
    Object.entries(input.query).map(([name, value]) => [name, wellFormed(text(value))]),
  )
  const search = query.size > 0 ? `?${query}` : ''
  return caller.send(
    method.toUpperCase(),
    url + search,
    method === 'get' ? undefined : input.body,
    input.ifMatch === null ? {} : { 'if-match': input.ifMatch },
  )
}

/** A URL cannot carry half of a surrogate pair; a body can, and does. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
