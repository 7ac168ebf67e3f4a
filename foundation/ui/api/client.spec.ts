import { describe, expect, it } from 'vitest'
import { createApi } from './client.ts'
import { ApiProblem } from './problem.ts'

interface Sent {
  readonly url: string
  readonly init: RequestInit & { headers: Record<string, string> }
}

function stage(...answers: (Response | Error)[]) {
  const sent: Sent[] = []
  let key = 0
  const api = createApi({
    fetch: async (url, init) => {
      sent.push({ url, init } as Sent)
      const answer = answers.shift() ?? json(200, {})
      if (answer instanceof Error) throw answer
      return answer
    },
    newKey: () => `key-${++key}`,
    now: () => Date.parse('2026-01-01T00:00:00Z'),
  })
  return { api, sent }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

const problemOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ApiProblem)
  return (error as ApiProblem).problem
}

describe('api client', () => {
  it('writes a query and leaves out what is not given', async () => {
    const { api, sent } = stage()
    await api.get('/api/incidents', { status: 'open', level: undefined, q: '', limit: 50, named: ['a', 'b'] })
    expect(sent[0]?.url).toBe('/api/incidents?status=open&limit=50&named=a&named=b')
  })

  it('gives each command a key of its own, or the one it is given', async () => {
    const { api, sent } = stage()
    await api.post('/api/a')
    await api.post('/api/a')
    await api.post('/api/a', {}, { idempotencyKey: 'again' })
    expect(sent.map(({ init }) => init.headers['idempotency-key'])).toEqual(['key-1', 'key-2', 'again'])
  })

  it('sends no key with a reading', async () => {
    const { api, sent } = stage()
    await api.get('/api/a')
    expect(sent[0]?.init.headers).not.toHaveProperty('idempotency-key')
  })

  it('turns a version into If-Match and a Chinese reason into a header that may travel', async () => {
    const { api, sent } = stage()
    await api.patch('/api/a', {}, { ifMatch: 7, reason: '更正' })
    expect(sent[0]?.init.headers).toMatchObject({ 'if-match': '"7"', 'x-reason': encodeURIComponent('更正') })
  })

  it('throws the problem of a refusal, with its field and its numbers', async () => {
    const { api } = stage(
      json(409, {
        status: 409,
        code: 'unit-already-assigned',
        title: '',
        field: 'unitIds',
        about: { callSign: '城中01' },
        requestId: 'r1',
      }),
    )
    expect(await problemOf(api.post('/api/a'))).toMatchObject({
      status: 409,
      code: 'unit-already-assigned',
      field: 'unitIds',
      detail: { callSign: '城中01' },
      requestId: 'r1',
    })
  })

  it('names the fields of an input that does not fit its schema', async () => {
    const { api } = stage(
      json(400, {
        status: 400,
        code: 'invalid-request',
        errors: [{ path: 'body/position/lon', message: 'must be <= 180' }],
      }),
    )
    expect((await problemOf(api.post('/api/a'))).errors).toEqual([
      { field: 'position.lon', code: 'invalid', message: 'must be <= 180' },
    ])
  })

  it('has a code for an answer that is no problem document', async () => {
    const { api } = stage(new Response('<html>', { status: 502 }))
    expect(await problemOf(api.get('/api/a'))).toMatchObject({ status: 502, code: 'database-unavailable' })
  })

  it('says that the database is away from a 503 until the next answer, and the network likewise', async () => {
    const { api } = stage(json(503, {}), json(200, {}), new TypeError('failed'), json(404, {}))
    await problemOf(api.get('/api/a'))
    expect(api.availability.get()).toBe('down')
    await api.get('/api/a')
    expect(api.availability.get()).toBe('up')
    expect((await problemOf(api.get('/api/a'))).code).toBe('network')
    expect(api.availability.get()).toBe('unreachable')
    await problemOf(api.get('/api/a'))
    expect(api.availability.get()).toBe('up')
  })

  it('tells everyone when the session has ended', async () => {
    const { api } = stage(json(401, { code: 'not-signed-in' }))
    await problemOf(api.get('/api/a'))
    expect(api.signedOut.get()).toBe(1)
  })

  it('knows by how much this clock is wrong', async () => {
    const { api } = stage(
      json(200, {}, { date: 'Thu, 01 Jan 2026 00:01:00 GMT' }),
      json(200, {}, { date: 'Thu, 01 Jan 2026 00:00:01 GMT' }),
    )
    await api.get('/api/a')
    expect(api.clockOffset.get()).toBe(60_000)
    await api.get('/api/a')
    expect(api.clockOffset.get()).toBe(0)
  })
})
