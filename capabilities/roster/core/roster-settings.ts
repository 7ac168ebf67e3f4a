/** A day that counts as a holiday when duties are shared out. */
export interface Holiday {
  readonly date: string
  readonly nameZh: string
  readonly nameEn: string
}

export const HOLIDAYS_SETTING = 'roster.holidays'
/** No dates ship: the State Council announces them each year. */
export const DEFAULT_HOLIDAYS: { readonly holidays: readonly Holiday[] } = { holidays: [] }

/** How far back rosters look, and for how long who did what is kept. */
export interface RosterKeeping {
  /** Draws, nights, weekends and holidays of so many days before a roster count towards its fairness. */
  readonly carriedDays: number
  /**
   * Rows of officers are kept so long after a roster's last day. Two years: so long records of working time must be
   * held in China (工资支付暂行规定 article 6).
   */
  readonly dutyRetentionDays: number
}

export const ROSTER_KEEPING_SETTING = 'roster.keeping'
export const DEFAULT_ROSTER_KEEPING: RosterKeeping = { carriedDays: 182, dutyRetentionDays: 730 }
