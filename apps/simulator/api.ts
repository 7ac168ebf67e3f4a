/** What the public API said no to: its problem code. */
export interface Refused {
  readonly refused: string
  readonly status: number
}

export const isRefused = (outcome: unknown): outcome is Refused =>
  typeof outcome === 'object' && outcome !== null && 'refused' in outcome

/** The public API as any client sees it. Throws when no answer came at all, when the server was at fault, and `TakenOver`. */
export interface Api {
  get<T>(path: string): Promise<T | Refused>
  post<T>(path: string, body?: unknown): Promise<T | Refused>
}

const TIMEOUT_MILLISECONDS = 15_000

/** The credentials hold no more: another playing has begun with new ones. */
export class TakenOver extends Error {
  constructor() {
    super('another playing has taken over')
  }
}

export function openApi(baseUrl: string, token: string): Api {
  async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T | Refused> {
    const answer = await fetch(new URL(path, baseUrl), {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (answer.ok) return (text === '' ? null : JSON.parse(text)) as T
    if (answer.status === 401) throw new TakenOver()
    if (answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`)
    return { refused: codeOf(text), status: answer.status }
  }
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  }
}

function codeOf(text: string): string {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code ?? 'unknown')
  } catch {
    return 'unknown'
  }
}

/** One fix as `POST /positions/batch` takes it. */
export interface SentFix {
  readonly deviceId: string
  readonly fixedAt: number
  readonly lon: number
  readonly lat: number
  readonly accuracyMetres: number
  readonly speedMetresPerSecond: number
  readonly bearingDegrees: number
  readonly batteryPercent: number
}

/** Sends the fixes of many devices through the gateway that speaks for them. Gives false when they must be sent again. */
export async function sendFixes(
  baseUrl: string,
  gateway: { readonly code: string; readonly secret: string },
  fixes: readonly SentFix[],
): Promise<boolean> {
  const answer = await fetch(new URL('/positions/batch', baseUrl), {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    headers: {
      authorization: `Basic ${Buffer.from(`${gateway.code}:${gateway.secret}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ deviceId: gateway.code, fixes }),
  })
  await answer.arrayBuffer()
  if (answer.status === 503 || answer.status === 429) return false
  if (answer.status === 401) throw new TakenOver()
  if (!answer.ok) throw new Error(`POST /positions/batch: ${answer.status}`)
  return true
}
