import type { Brand } from '../../../foundation/core/brand.ts'

export type IncidentId = Brand<string, 'IncidentId'>
export type ReportId = Brand<string, 'ReportId'>

/** Who told us. `patrol` was discovered by patrol and is kept out of the forecast (operations reference §4). */
export const ORIGINS = ['citizen', 'patrol', 'alarm', 'system'] as const
export type Origin = (typeof ORIGINS)[number]

/** What a report can say about the danger. The grading table refers to these words. */
export const CIRCUMSTANCES = [
  'weapon',
  'firearm',
  'explosive',
  'hostage',
  'violence',
  'suspect-present',
  'injury',
  'death',
  'fire',
  'hazardous-material',
  'children',
  'vulnerable',
  'alcohol-drugs',
  'officer-in-danger',
  'traffic-blocked',
] as const
export type Circumstance = (typeof CIRCUMSTANCES)[number]

/**
 * What an imported call was aimed at, how it was done and what was taken (侵害目标、作案手段、涉案物品). An agency's own
 * codes, given by its mapping: never a person and never free text.
 */
export const CALL_FACTS = ['target', 'entry', 'object'] as const
export type CallFact = (typeof CALL_FACTS)[number]
export type CallFacts = Readonly<Partial<Record<CallFact, string>>>
