/** One statistic of the Early Aberration Reporting System, and whether it alarms. */
export interface EarsSignal {
  readonly statistic: number
  readonly alarms: boolean
}

export interface EarsSignals {
  readonly c1: EarsSignal
  readonly c2: EarsSignal
  readonly c3: EarsSignal
}

const BASELINE = 7
const GUARD = 2
const ALARM_ABOVE = 3
const C3_ALARM_ABOVE = 2
/** Seven equal counts have no deviation; less than this is not believed. */
const LEAST_DEVIATION = 0.2

/**
 * EARS C1, C2 and C3 for the last count, a comparator without model or season (Hutwagner, Thompson, Seeman and Treadwell
 * 2003, Journal of Urban Health 80). C1 compares with the seven counts before it, C2 leaves two between, C3 adds up what
 * C2 exceeded one by over three periods. Null where fewer than twelve counts are there.
 */
export function earsSignals(counts: ArrayLike<number>): EarsSignals | null {
  const last = counts.length - 1
  if (last < BASELINE + 2 * GUARD) return null
  const c1 = deviationsAbove(counts, last, 0)
  const c2 = deviationsAbove(counts, last, GUARD)
  let c3 = 0
  for (let back = 0; back <= GUARD; back++) c3 += Math.max(0, deviationsAbove(counts, last - back, GUARD) - 1)
  return {
    c1: { statistic: c1, alarms: c1 > ALARM_ABOVE },
    c2: { statistic: c2, alarms: c2 > ALARM_ABOVE },
    c3: { statistic: c3, alarms: c3 > C3_ALARM_ABOVE },
  }
}

function deviationsAbove(counts: ArrayLike<number>, at: number, guard: number): number {
  let [sum, squares] = [0, 0]
  for (let k = at - guard - BASELINE; k < at - guard; k++) {
    sum += counts[k]!
    squares += counts[k]! ** 2
  }
  const mean = sum / BASELINE
  const variance = Math.max(0, (squares - BASELINE * mean * mean) / (BASELINE - 1))
  return (counts[at]! - mean) / Math.max(LEAST_DEVIATION, Math.sqrt(variance))
}
