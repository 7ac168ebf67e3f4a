/** All that other capabilities and the flows may use of rosters. */
export { ACCESS } from './access.ts'
export * from './pattern.ts'
export { checkPattern, PATTERN_FAULTS, type PatternFault } from './pattern-check.ts'
export { SHIPPED_PATTERNS } from './patterns.ts'
export * from './roster.ts'
export { allowedOptions, isOnStreet, listOptions, openGround, type OpenGround } from './options.ts'
export { checkRoster, openCheck, type CellChange, type CheckDifference, type RosterCheck } from './check.ts'
