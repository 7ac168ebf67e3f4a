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
