import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'

/** For how long what runs made is kept: plans, surfaces, series and warnings. The log of runs stays. */
export interface AnalysisRetention {
  readonly days: number
}

export const ANALYSIS_RETENTION_SETTING = 'analysis.retention'

/** A year and a month: this day can be compared with the same day a year before. */
export const DEFAULT_ANALYSIS_RETENTION: AnalysisRetention = { days: 400 }

/** The first day that is still kept. */
export function keptSince(now: Instant, timeZone: string, { days }: AnalysisRetention): string {
  return dateOfDay(findDayNumber(localDate(now, timeZone))! - days)
}
