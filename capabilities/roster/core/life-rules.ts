/** The numbers by which a published roster lives. All are configuration (setting `roster.life`). */
export interface LifeRules {
  readonly longestAbsenceDays: number
  /** So far back an absence may still be put down; somebody fell out at night and it is entered in the morning. */
  readonly absenceBackDays: number
  readonly absenceAheadDays: number
  readonly shortestReasonLength: number
  /** Who comes to the roll call later than this after the shift began has come late. */
  readonly lateAfterMinutes: number
  /** A roll call so long before a shift is for that shift. */
  readonly rollCallBeforeMinutes: number
  /** Days after their last day until absences, swaps and sick calls, and attendance are deleted. */
  readonly absenceRetentionDays: number
  readonly swapRetentionDays: number
  readonly attendanceRetentionDays: number
}

export const LIFE_RULES_SETTING = 'roster.life'

/** Of the reference district. Retention: a year of rosters can be compared with the year before, and no more. */
export const LIFE_RULES: LifeRules = {
  longestAbsenceDays: 180,
  absenceBackDays: 7,
  absenceAheadDays: 400,
  shortestReasonLength: 2,
  lateAfterMinutes: 5,
  rollCallBeforeMinutes: 60,
  absenceRetentionDays: 730,
  swapRetentionDays: 365,
  attendanceRetentionDays: 730,
}
