import type { ForceBoardRow, OfficerRow } from '../force-api.ts'

export interface Candidate {
  readonly officer: OfficerRow
  /** The other unit that holds the officer; null: free to join. */
  readonly inUnit: string | null
}

/** Where an officer serves now: with the borrower while lent. */
export function servesWith(board: Pick<ForceBoardRow, 'loans'>, officer: OfficerRow): string {
  const loan = board.loans.find(
    ({ subject, active, returnedAt }) => active && returnedAt === null && subject.officerId === officer.id,
  )
  return loan?.toOrganisationId ?? officer.organisationId
}

/**
 * Officers who can crew a unit: those who serve with its organisation, or with the one that has borrowed the unit.
 * The free first, then those whom another unit holds; within each, sworn officers first.
 */
export function candidatesFor(
  board: ForceBoardRow,
  unit: { readonly id: string | null; readonly organisationId: string | undefined },
): readonly Candidate[] {
  const stored = board.units.find(({ id }) => id === unit.id)
  const homes = new Set([unit.organisationId, ...(stored ? [stored.servingOrganisationId] : [])])
  const holder = new Map(
    board.units
      .filter(({ id }) => id !== unit.id)
      .flatMap(({ memberOfficerIds, callSign }) => memberOfficerIds.map((id) => [id, callSign] as const)),
  )
  return board.officers
    .filter((officer) => homes.has(servesWith(board, officer)))
    .map((officer) => ({ officer, inUnit: holder.get(officer.id) ?? null }))
    .toSorted(
      (a, b) =>
        Number(a.inUnit !== null) - Number(b.inUnit !== null) ||
        Number(b.officer.sworn) - Number(a.officer.sworn) ||
        a.officer.badgeNumber.localeCompare(b.officer.badgeNumber, 'en', { numeric: true }),
    )
}

/** Officers by the call sign of their unit, in its order; those in no unit under an empty one. */
export function byUnit(
  officers: readonly OfficerRow[],
  units: ForceBoardRow['units'],
): readonly (readonly [callSign: string, officers: readonly OfficerRow[]])[] {
  const groups = new Map<string, OfficerRow[]>()
  for (const officer of officers) {
    const callSign = units.find((unit) => unit.memberOfficerIds.includes(officer.id))?.callSign ?? ''
    groups.set(callSign, [...(groups.get(callSign) ?? []), officer])
  }
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b, 'zh', { numeric: true }))
}

/** What a roll call changes: officers whose duty differs from what stands in the register. */
export function rollCallChanges(
  officers: readonly Pick<OfficerRow, 'id' | 'duty'>[],
  present: ReadonlySet<string>,
): { readonly on: readonly string[]; readonly off: readonly string[] } {
  return {
    on: officers.filter(({ id, duty }) => duty === 'off' && present.has(id)).map(({ id }) => id),
    off: officers.filter(({ id, duty }) => duty === 'on' && !present.has(id)).map(({ id }) => id),
  }
}
