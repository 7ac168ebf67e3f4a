import { createStore, type Store } from '../store/store.ts'
import { ApiProblem, readProblem } from './problem.ts'

export type Query = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>

/** What one answer brought: its body and the version of the thing, for `If-Match` on the next change. */
export interface Answer<T> {
  readonly body: T
  readonly etag: string | null
  readonly headers: Headers
}

export interface CommandOptions {
  /** Same key, same effect: give one to retry a command whose answer was lost. A new one is drawn otherwise. */
  readonly idempotencyKey?: string
  /** The ETag read with the thing; the server answers 412 when somebody changed it meanwhile. */
  readonly ifMatch?: string | number | null | undefined
  readonly query?: Query
  /** Why; the audit entry keeps it. */
  readonly reason?: string
}

/** Whether the server's database can be reached: `down` from a 503 until the next answer that is none. */
export type Availability = 'up' | 'down' | 'unreachable'

export interface ApiClient {
  readonly availability: Store<Availability>
  /** Counts up each time the server says that nobody is signed in. */
  readonly signedOut: Store<number>
  /** Server clock minus this machine's clock in milliseconds, so that ages are right on a desk with a wrong clock. */
  readonly clockOffset: Store<number>
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  read<T>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer<T>>
  post<T>(path: string, body?: unknown, options?: CommandOptions): Promise<T>
  /** The same with the answer's headers: a secret that is shown once travels in one. */
  postWhole<T>(path: string, body?: unknown, options?: CommandOptions): Promise<Answer<T>>
  put<T>(path: string, body?: unknown, options?: CommandOptions): Promise<T>
  patch<T>(path: string, body?: unknown, options?: CommandOptions): Promise<T>
  delete<T>(path: string, options?: CommandOptions): Promise<T>
}

export interface ApiSurroundings {
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
  readonly newKey: () => string
  readonly now: () => number
}

const UNAVAILABLE = new Set([502, 503, 504])
/** The Date header has whole seconds: a smaller difference than this is no difference. */
const OFFSET_TOLERANCE_MILLISECONDS = 2_000

export function createApi(surroundings: ApiSurroundings): ApiClient {
  const availability = createStore<Availability>('up')
  const signedOut = createStore(0)
  const clockOffset = createStore(0)

  const send = async <T>(
    method: string,
    path: string,
    init: {
      body?: unknown
      options?: CommandOptions
      query?: Query | undefined
      signal?: AbortSignal | undefined
    },
  ): Promise<Answer<T>> => {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (method !== 'GET') {
      headers['idempotency-key'] = init.options?.idempotencyKey ?? surroundings.newKey()
      if (init.options?.ifMatch != null) headers['if-match'] = asEtag(init.options.ifMatch)
      if (init.options?.reason) headers['x-reason'] = encodeURIComponent(init.options.reason)
    }
    const request: RequestInit = { method, headers, credentials: 'same-origin' }
    if (init.body !== undefined) {
      headers['content-type'] = 'application/json'
      request.body = JSON.stringify(init.body)
    }
    if (init.signal) request.signal = init.signal
    let response: Response
    try {
      response = await surroundings.fetch(path + queryText(init.query ?? init.options?.query), request)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      availability.set('unreachable')
      throw new ApiProblem({ status: 0, code: 'network', title: '' })
    }
    availability.set(UNAVAILABLE.has(response.status) ? 'down' : 'up')
    noteClock(response)
    if (response.ok)
      return {
        body: (await readBody(response)) as T,
        etag: response.headers.get('etag'),
        headers: response.headers,
      }
    if (response.status === 401) signedOut.set(signedOut.get() + 1)
    throw new ApiProblem(readProblem(response.status, await readBody(response)))
  }

  const noteClock = (response: Response) => {
    const at = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isFinite(at)) return
    const offset = at - surroundings.now()
    clockOffset.set(Math.abs(offset) < OFFSET_TOLERANCE_MILLISECONDS ? 0 : Math.round(offset / 1000) * 1000)
  }

  const change =
    (method: string) =>
    async <T>(path: string, body?: unknown, options: CommandOptions = {}): Promise<T> =>
      (await send<T>(method, path, { body: body ?? {}, options })).body

  return {
    availability,
    signedOut,
    clockOffset,
    get: async (path, query, signal) => (await send<never>('GET', path, { query, signal })).body,
    read: (path, query, signal) => send('GET', path, { query, signal }),
    post: change('POST'),
    postWhole: (path, body, options = {}) => send('POST', path, { body: body ?? {}, options }),
    put: change('PUT'),
    patch: change('PATCH'),
    delete: async (path, options = {}) => (await send<never>('DELETE', path, { options })).body,
  }
}

function asEtag(version: string | number): string {
  return typeof version === 'number' ? `"${version}"` : version
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === '') continue
    if (Array.isArray(value)) for (const item of value) parameters.append(name, String(item))
    else parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

async function readBody(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const body = await response.text()
  if (body === '') return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** crypto.randomUUID exists in secure contexts only; a command room may open the page by a plain address. */
export function newIdempotencyKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The one client of this page. */
export const api: ApiClient = createApi({
  fetch: (input, init) => fetch(input, init),
  newKey: newIdempotencyKey,
  now: () => Date.now(),
})
