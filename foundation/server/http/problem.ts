import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Refusal } from '../../core/outcome.ts'
import { isUnavailable, sqlState } from '../db.ts'

/** RFC 9457 problem details. `code` is the refusal's; screens find its text under `refusal.<code>`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    field: Type.Optional(Type.String()),
    about: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    ),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    requestId: Type.String(),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** Refusal codes that mean something else than «409: the state of things does not allow it». */
const STATUS_OF_REFUSAL: Record<string, number> = {
  'not-found': 404,
  'version-conflict': 412,
  'precondition-required': 428,
  forbidden: 403,
  'out-of-scope': 403,
  'not-signed-in': 401,
  'second-factor-required': 401,
  'sign-in-failed': 401,
  'too-many-attempts': 429,
  'idempotency-key-reused': 422,
}

export function statusOfRefusal(code: string): number {
  return STATUS_OF_REFUSAL[code] ?? (code.startsWith('invalid-') || code.endsWith('-required') ? 422 : 409)
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Omit<Problem, 'type' | 'requestId' | 'title'> & { title?: string },
) {
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `/problems/${problem.code}`,
      title: problem.title ?? problem.code.replaceAll('-', ' '),
      requestId: request.id,
      ...problem,
    })
}

export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal) {
  return sendProblem(request, reply, {
    status: statusOfRefusal(refusal.refused),
    code: refusal.refused,
    ...(refusal.field ? { field: refusal.field } : {}),
    ...(refusal.detail ? { about: { ...refusal.detail } } : {}),
  })
}

/** SQLSTATEs that a caller's input can cause even when it fits its schema. */
const STATUS_OF_SQLSTATE: Record<string, { status: number; code: string }> = {
  '22P02': { status: 400, code: 'invalid-value' },
  '22021': { status: 400, code: 'invalid-text' },
  '22P05': { status: 400, code: 'invalid-text' },
  '22003': { status: 400, code: 'invalid-number' },
  '22007': { status: 400, code: 'invalid-time' },
  '22008': { status: 400, code: 'invalid-time' },
  '22001': { status: 400, code: 'invalid-text' },
  '23502': { status: 422, code: 'invalid-value' },
  '23503': { status: 422, code: 'invalid-reference' },
  '23505': { status: 409, code: 'already-exists' },
  '23514': { status: 422, code: 'invalid-value' },
  '23P01': { status: 409, code: 'already-exists' },
  '54000': { status: 400, code: 'invalid-value' },
}

/** What a fault is to the one who asked. A fault of ours is logged whole and shown as nothing but its request id. */
export function sendFault(fault: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (fault.validation) {
    return sendProblem(request, reply, {
      status: 400,
      code: 'invalid-request',
      errors: fault.validation.map((found) => ({
        path: `${fault.validationContext ?? 'body'}${found.instancePath}${found.params && 'missingProperty' in found.params ? `/${String(found.params.missingProperty)}` : ''}`,
        message: found.message ?? 'does not fit',
      })),
    })
  }
  if (isUnavailable(fault)) {
    reply.header('retry-after', '2')
    return sendProblem(request, reply, { status: 503, code: 'database-unavailable' })
  }
  const known = STATUS_OF_SQLSTATE[sqlState(fault) ?? '']
  if (known) {
    const { constraint, column } = fault as unknown as { constraint?: string; column?: string }
    return sendProblem(request, reply, {
      ...known,
      ...(column ? { field: column } : {}),
      about: constraint ? { constraint } : {},
    })
  }
  const status = fault.statusCode ?? 500
  if (status >= 400 && status < 500) {
    return sendProblem(request, reply, {
      status,
      code: status === 429 ? 'too-many-requests' : status === 413 ? 'too-large' : 'invalid-request',
      detail: fault.message,
    })
  }
  request.log.error({ err: fault }, 'request failed')
  return sendProblem(request, reply, { status: 500, code: 'internal-error' })
}
