import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, SEPARATED_ADMINISTRATORS, type Role } from '../../foundation/core/access.ts'
import { loadDemonstration } from '../../apps/demo/demonstration.ts'
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
const CALLS = 25
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
  /** Ids that exist, by collection: half of the calls go to something that is there. */
  const known = new Map<string, string[]>()
  beforeAll(async () => {
    house = await openHouse({ before: (database) => loadDemonstration(database, { now: Date.now() }) })
    callers = await Promise.all(CALLERS.map((roles) => house.as(...roles)))
    api = (await callers[0]!.get<OpenApi>('/api/openapi.json')).body
    await makeSomethingHappen(callers[0]!)
    for (const path of Object.keys(api.paths).filter((each) => each.includes('/{id}'))) {
      const collection = path.split('/{id}')[0]!
      if (!known.has(collection)) known.set(collection, await idsIn(callers, collection))
    }
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
    const answered = new Set<string>()
    const tried = new Set<string>()
    const everyId = [...known.values()].flat()
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const ids = [...known].find(([collection]) => path.startsWith(`${collection}/{id}`))?.[1] ?? []
        const inputs = fc.sample(inputOf(operation, ids, everyId), { numRuns: CALLS, seed: SEED })
        for (const [position, input] of inputs.entries()) {
          const reply = await call(callers[position % callers.length]!, method, path, input)
          const { status } = reply
          tried.add(`${method} ${path}`)
          if (status < 400) answered.add(`${method} ${path}`)
          const what = `${method.toUpperCase()} ${path} ${JSON.stringify(input).slice(0, 600)} → ${status} ${JSON.stringify(reply.body).slice(0, 300)}`
          if (status >= 500) faults.push(what)
          if (status >= 400 && status < 500 && typeof (reply.body as { code?: unknown }).code !== 'string')
            faults.push(`no code: ${what}`)
        }
      }
    }
    expect(faults.join('\n')).toBe('')
    // Inputs that every route refuses at the door would find nothing behind it.
    const refusedAlways = [...tried].filter((route) => !answered.has(route))
    expect(answered.size / tried.size, `never let in: ${refusedAlways.join(', ')}`).toBeGreaterThan(0.55)
  })
})

interface FuzzInput {
  path: Record<string, unknown>
  query: Record<string, unknown>
  body: unknown
  ifMatch: string | null
}

/** An incident with units on it and a device, so that their routes have something to work on. */
async function makeSomethingHappen(caller: Caller): Promise<void> {
  const { body } = await caller.get<{ bounds: { west: number; south: number } }>('/api/district')
  const types = await caller.get<{ types: { code: string }[] }>('/api/incident-types')
  const reported = await caller.send<{ incident: { id: string } }>('POST', '/api/reports', {
    origin: 'citizen',
    typeCode: types.body.types[0]!.code,
    summary: '多人打架',
    address: '人民路',
    position: { lon: body.bounds.west + 0.04, lat: body.bounds.south + 0.03 },
  })
  expect(reported.status, JSON.stringify(reported.body)).toBe(201)
  const units = await caller.get<{ units: { id: string; status: string }[] }>('/api/units')
  const unitIds = units.body.units
    .filter((unit) => unit.status === 'patrolling')
    .slice(0, 3)
    .map((unit) => unit.id)
  const sent = await caller.send('POST', `/api/incidents/${reported.body.incident.id}/dispatch`, { unitIds })
  expect(sent.status, JSON.stringify(sent.body)).toBeLessThan(300)
  const device = await caller.send('POST', '/api/devices', { code: 'fuzz-1', name: '对讲机', kind: 'phone' })
  expect(device.status, JSON.stringify(device.body)).toBe(201)
  const activated = await caller.send('POST', '/api/activations', { level: 1, reason: '演练' })
  expect(activated.status, JSON.stringify(activated.body)).toBe(201)
}

/** The ids that a collection's listing shows to whoever of the callers may read it. */
async function idsIn(callers: readonly Caller[], collection: string): Promise<string[]> {
  const found = new Set<string>()
  for (const caller of callers) {
    const { status, body } = await caller.get<unknown>(collection)
    if (status === 200) for (const [id] of JSON.stringify(body).matchAll(/(?<="id":")[^"]+/g)) found.add(id)
  }
  return [...found].slice(0, 20)
}

function inputOf(
  operation: Operation,
  ids: readonly string[],
  everyId: readonly string[],
): fc.Arbitrary<FuzzInput> {
  const parameters = (where: string) =>
    Object.fromEntries(
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === where)
        .map((parameter) => [
          parameter.name,
          parameter.required
            ? fuzzed(parameter.schema, everyId)
            : fc.oneof(
                { weight: 2, arbitrary: fc.constant(undefined) },
                { weight: 1, arbitrary: fuzzed(parameter.schema, everyId) },
              ),
        ]),
    )
  const schema = operation.requestBody?.content['application/json']?.schema
  return fc.record({
    path:
      ids.length > 0
        ? fc.oneof(fc.record({ id: fc.constantFrom(...ids) }), fc.record(parameters('path')))
        : fc.record(parameters('path')),
    query: fc.record(parameters('query')),
    body: schema ? fuzzed(schema, everyId) : fc.constant(undefined),
    ifMatch: fc.constantFrom(null, '"0"', '"1"', '"1"', '"2"', '*', 'W/"x"'),
  })
}

async function call(caller: Caller, method: string, path: string, input: FuzzInput) {
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(wellFormed(text(input.path[name])) || 'x'),
  )
  const query = new URLSearchParams(
    Object.entries(input.query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, wellFormed(text(value))]),
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
