/** All that other capabilities and the flows may use of the force. */
export * from './types.ts'
export { ACCESS } from './access.ts'
export {
  BOUND_TO_INCIDENT,
  STATUS_TRANSITIONS,
  decideStatus,
  findTransition,
  isBoundToIncident,
  isUnitStatus,
  nextStatuses,
  type StatusTransition,
} from './status-chain.ts'
export { decideParent, rootOf, withDescendants } from './organisations.ts'
export {
  activeLoan,
  decideLoan,
  isLoanActive,
  isSameSubject,
  loanEnd,
  servingOrganisation,
  servingOrganisationOfUnit,
  type LendCommand,
} from './loans.ts'
export { decideCrew, type CrewCommand, type CrewSituation } from './crew.ts'
export { decideDuty, decidePost } from './duty.ts'
export {
  IMPORT_CAUSES,
  type ImportCause,
  type ImportPlan,
  type ImportRejection,
  type ImportRow,
} from './import-columns.ts'
export { planOfficersImport, type OfficerUpsert } from './officer-import.ts'
export { planUnitsImport, type UnitImportKnowledge, type UnitUpsert } from './unit-import.ts'
