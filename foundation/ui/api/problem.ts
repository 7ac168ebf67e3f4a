/** One thing that is wrong with one field, as RFC 9457 answers list it. */
export interface FieldFault {
  readonly field: string
  readonly code: string
  readonly message?: string
}

/** An RFC 9457 problem as the server sends it. `code` is the refusal's stable code. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly field?: string
  readonly detail?: Readonly<Record<string, unknown>>
  readonly message?: string
  readonly errors?: readonly FieldFault[]
  readonly requestId?: string
}

/** Thrown by the API client for every answer that is not a success; the network failing is `code: 'network'`. */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}`)
    this.name = 'ApiProblem'
    this.problem = problem
  }
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'not-signed-in',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'version-conflict',
  413: 'too-large',
  400: 'invalid-request',
  422: 'invalid-request',
  429: 'too-many-requests',
  500: 'internal-error',
  502: 'database-unavailable',
  503: 'database-unavailable',
  504: 'database-unavailable',
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Reads any answer's body into a problem; an answer that is none gets the code of its status. */
export function readProblem(status: number, body: unknown): Problem {
  const fields = isRecord(body) ? body : {}
  const code = text(fields['code']) ?? text(fields['refused']) ?? BY_STATUS[status] ?? 'internal-error'
  const field = text(fields['field'])
  const message = text(fields['detail'])
  const requestId = text(fields['requestId']) ?? text(fields['instance'])
  const about = isRecord(fields['detail'])
    ? fields['detail']
    : isRecord(fields['about'])
      ? fields['about']
      : undefined
  const faults = Array.isArray(fields['errors']) ? fields['errors'].flatMap(readFault) : []
  return {
    status,
    code,
    title: text(fields['title']) ?? '',
    ...(field === undefined ? {} : { field }),
    ...(about === undefined ? {} : { detail: about }),
    ...(message === undefined ? {} : { message }),
    ...(faults.length === 0 ? {} : { errors: faults }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

function readFault(value: unknown): FieldFault[] {
  if (!isRecord(value)) return []
  const field = text(value['field']) ?? text(value['path']) ?? text(value['instancePath'])
  const message = text(value['message'])
  if (field === undefined) return []
  return [
    {
      field:
        field
          .replace(/^\//, '')
          .replace(/^(body|params|querystring)\/?/, '')
          .replaceAll('/', '.') || field,
      code: text(value['code']) ?? text(value['keyword']) ?? 'invalid',
      ...(message === undefined ? {} : { message }),
    },
  ]
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem
  return {
    status: 0,
    code: 'client-fault',
    title: '',
    message: error instanceof Error ? error.message : String(error),
  }
}
