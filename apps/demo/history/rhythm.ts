/**
 * Rhythms of the incident process: how a day, a week and a year shape the expected count.
 * The curves are drawn by hand after what is common knowledge in any command room; no town's figures are behind them.
 */

/** Bumps over the 24 hours of a day: hour of the top, half-width in hours, height. Wraps at midnight. */
type Bump = readonly [hour: number, halfWidth: number, height: number]

function curve(floor: number, ...bumps: readonly Bump[]): readonly number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    let height = floor
    for (const [top, halfWidth, tall] of bumps) {
      const apart = Math.min(Math.abs(hour - top), 24 - Math.abs(hour - top))
      height += tall * Math.exp(-((apart / halfWidth) ** 2))
    }
    return height
  })
  const total = hours.reduce((sum, height) => sum + height, 0)
  return hours.map((height) => height / total)
}

/** Shares of the day's count in each hour; each sums to 1. */
export const DAILY = {
  rush: curve(0.15, [8, 1.6, 1.1], [18, 2, 1.2], [13, 3, 0.5]),
  business: curve(0.05, [10, 2.5, 1], [15.5, 2.8, 1]),
  evening: curve(0.1, [20, 2.8, 1.2], [12.5, 2, 0.35]),
  night: curve(0.08, [23, 2.4, 1.3], [1.5, 1.8, 0.7]),
  smallHours: curve(0.12, [3, 2.6, 1], [14, 3, 0.25]),
  shopping: curve(0.04, [11, 2.2, 0.8], [19, 2.8, 1.1]),
  allDay: curve(0.35, [15, 6, 0.6]),
} as const
export type Daily = keyof typeof DAILY

/** Factors for Monday to Sunday; each averages 1. */
export const WEEKLY = {
  even: [1, 1, 1, 1, 1, 1, 1],
  weekend: [0.88, 0.87, 0.89, 0.93, 1.14, 1.22, 1.07],
  workdays: [1.14, 1.1, 1.08, 1.08, 1.12, 0.78, 0.7],
} as const
export type Weekly = keyof typeof WEEKLY

/** A year's swing: day of the year at the top and how far it rises above (and falls below) the mean. */
export const YEARLY = {
  even: [0, 0],
  summer: [205, 0.32],
  winter: [15, 0.22],
  /** The weeks before the Spring Festival: wages are settled, homes stand full of goods and empty of people. */
  yearEnd: [20, 0.45],
} as const
export type Yearly = keyof typeof YEARLY

export function yearlyFactor(season: Yearly, dayOfYear: number): number {
  const [top, swing] = YEARLY[season]
  return 1 + swing * Math.cos(((dayOfYear - top) / 365.25) * 2 * Math.PI)
}
