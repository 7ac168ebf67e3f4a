import type { Instant } from '../../../foundation/core/instant.ts'
import { servingOrganisation, type Loan, type Officer, type Unit } from '../../force/core/index.ts'

/**
 * Where an officer serves during a roster: with whom they are on most of its days (one moment a day is given), the
 * earlier one where two are equal. A loan of a weekend does not take somebody out of the own station's roster.
 */
export function servesDuring(
  officer: Pick<Officer, 'id' | 'organisationId'>,
  unit: Pick<Unit, 'id' | 'organisationId'> | null,
  loans: readonly Loan[],
  days: readonly Instant[],
): string {
  const concerned = loans.filter(({ subject }) =>
    subject.kind === 'officer' ? subject.officerId === officer.id : subject.unitId === unit?.id,
  )
  if (concerned.length === 0) return officer.organisationId
  const counts = new Map<string, number>()
  for (const at of days) {
    const organisationId = servingOrganisation(officer, unit, concerned, at)
    counts.set(organisationId, (counts.get(organisationId) ?? 0) + 1)
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}
