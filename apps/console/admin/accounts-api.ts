import { queryOptions } from '@tanstack/react-query'
import type { Grant } from '../../../foundation/core/access.ts'
import { api } from '../../../foundation/ui/api/client.ts'

export interface AccountRow {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly kind: 'person' | 'service'
  readonly officerId: string | null
  readonly active: boolean
  readonly secondFactor: boolean
  readonly version: number
  readonly grants: readonly Grant[]
}

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => api.get<{ accounts: readonly AccountRow[] }>('/api/accounts', {}, signal),
})
