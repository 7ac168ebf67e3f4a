/** All that other capabilities and the flows may use of rosters. */
export { ACCESS } from './access.ts'
export * from './pattern.ts'
export { checkPattern, PATTERN_FAULTS, type PatternFault } from './pattern-check.ts'
export { SHIPPED_PATTERNS } from './patterns.ts'
export * from './roster.ts'
export { allowedOptions, isOnStreet, listOptions, openGround, type OpenGround } from './options.ts'
export { checkRoster, openCheck, type CellChange, type CheckDifference, type RosterCheck } from './check.ts'
export { countsAs, fairnessOf, isWeekend, spreadOf, type FairnessReport, type Spread } from './fairness.ts'
export { modelRoster, type RosterModel } from './model.ts'
export {
  dealPlatoons,
  DEFAULT_COST_RATES,
  previewPattern,
  type CostRates,
  type PatternPreview,
  type PreviewOfficer,
  type PreviewQuestion,
} from './preview.ts'
export { rankReplacements, REPLACEMENT_REASONS, type Replacement, type Replacements } from './replacements.ts'
export * from './life-rules.ts'
export * from './absence.ts'
export * from './swap.ts'
export * from './sick-call.ts'
export * from './attendance.ts'
export * from './calendar.ts'
export { worsening } from './worsening.ts'
export * from './roster-life.ts'
export * from './roster-settings.ts'
export { servesDuring } from './serving.ts'
export { mendAround, type Mending } from './mend.ts'
export * from './cells.ts'
export { rosteredNow, type RosteredAt, type RosteredNow } from './on-duty.ts'
export type { Conflict, RuleConflict } from './conflict.ts'
export { answerRoster, type RosterAnswer, type RosterJob, type RosterWatch } from './solving.ts'
export * from './roster-table.ts'
