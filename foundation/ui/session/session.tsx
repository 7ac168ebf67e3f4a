import { queryOptions, useSuspenseQuery, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { Role } from '../../core/access.ts'
import type { Bounds } from '../../core/geo.ts'

/** Who is signed in, and what they may do for which organisations (null: all). */
export interface Me {
  readonly accountId: string
  readonly name: string
  readonly officerId: string | null
  readonly roles: readonly Role[]
  readonly permissions: Readonly<Record<string, readonly string[] | null>>
  readonly mustEnrolSecondFactor: boolean
  readonly secondFactor: boolean
}

/** What every screen needs to know of the district. */
export interface District {
  readonly name: string
  readonly nameEn: string
  readonly timeZone: string
  /** The source has dates only: times of day are drawn from a profile, and every screen says so. */
  readonly hourDrawn: boolean
  /** The profile that they are drawn from; null where none are, or where nobody has noted it. */
  readonly hours:
    | { readonly from: 'file'; readonly file: string; readonly source: string; readonly seed: number }
    | { readonly from: 'generated-profile'; readonly seed: number }
    | null
  /** Everything in it is invented. */
  readonly generated: boolean
  readonly version: number
  /** What a map shows first. */
  readonly viewBounds: Bounds | null
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/api/me', {}, signal),
  staleTime: 5 * 60_000,
  retry: false,
})

export const districtQuery = queryOptions({
  queryKey: ['district'],
  queryFn: ({ signal }) => api.get<District>('/api/district', {}, signal),
  staleTime: 5 * 60_000,
})

/** The signed-in person. Only on screens behind the sign-in, where it has been read already. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** Whether the signed-in person holds a permission anywhere. The server decides; this only hides what would be refused. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useMe()
  return (permission) => permission in permissions
}

/** Whether the signed-in person holds a permission for this organisation. What belongs to none is for whoever holds it anywhere. */
export function useMayFor(): (permission: string, organisationId: string | null) => boolean {
  const { permissions } = useMe()
  return (permission, organisationId) => {
    const scope = permissions[permission]
    return (
      scope === null || (scope !== undefined && (organisationId === null || scope.includes(organisationId)))
    )
  }
}

export function useDistrict(): District | undefined {
  return useQuery(districtQuery).data
}
