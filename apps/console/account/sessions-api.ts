import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'

export interface SessionRow {
  readonly id: string
  readonly createdAt: string
  readonly seenAt: string
  readonly expiresAt: string
  readonly ip: string
  readonly userAgent: string
  readonly current: boolean
}

export const sessionsQuery = queryOptions({
  queryKey: ['my-sessions'],
  queryFn: ({ signal }) => api.get<{ sessions: readonly SessionRow[] }>('/api/me/sessions', {}, signal),
})

/** In this order: the later ones call themselves by the names of those before. */
const BROWSERS: readonly (readonly [name: string, written: RegExp])[] = [
  ['Edge', /Edg\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Firefox', /Firefox\/(\d+)/],
  ['Chrome', /Chrome\/(\d+)/],
  ['Safari', /Version\/(\d+).* Safari/],
]
const SYSTEMS: readonly (readonly [name: string, written: RegExp])[] = [
  ['Windows', /Windows/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
]

/** Browser and system in the words of the agent string, where they are well known; else its beginning. */
export function agentText(userAgent: string): string {
  for (const [browser, written] of BROWSERS) {
    const version = written.exec(userAgent)?.[1]
    if (version === undefined) continue
    const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))
    return `${browser} ${version}${system ? ` · ${system[0]}` : ''}`
  }
  return userAgent.slice(0, 40) || '—'
}
