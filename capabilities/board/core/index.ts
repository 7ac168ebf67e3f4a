/** All that other capabilities and the flows may use of the board. */
export { ACCESS } from './access.ts'
export {
  evolve,
  isOpen,
  isOpenOrder,
  isOutstanding,
  openState,
  replay,
  type Activation,
  type ActivationEvent,
  type ActivationId,
  type ActivationOrder,
  type OrderId,
  type OrderState,
  type Return,
} from './activation.ts'
export { chaseDueAt, decide, type ActivationCommand } from './activation-decisions.ts'
export { forecastTarget, meanArrival, type TargetForecast } from './arrival-estimate.ts'
export {
  CALL_OUT_REASONS,
  NO_ROSTER,
  coveredOfficers,
  planCallOut,
  type CallOut,
  type CallOutLine,
  type CallOutReason,
  type NotCalled,
  type NotYetOnDuty,
  type RosteredAway,
  type OrderSubject,
  type Standing,
} from './call-out.ts'
export {
  AWAY,
  DEFAULT_PATROL_LEVELS,
  PATROL_LEVELS_KEY,
  checkPatrolLevels,
  findLevel,
  officersNeeded,
  refuseFaultyLevels,
  type Away,
  type Fraction,
  type LevelsFault,
  type PatrolLevel,
  type PatrolLevels,
} from './patrol-levels.ts'
export { situationOf, standingsOf, type Situation } from './situation.ts'
export {
  streetStrength,
  strengthLine,
  type CountedOfficer,
  type OrganisationStrength,
  type StreetStrength,
  type StrengthLine,
  type UncountedOfficer,
  type Whereabouts,
} from './street-strength.ts'
