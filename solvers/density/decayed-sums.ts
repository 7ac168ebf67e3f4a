/** Sums that fade: every event adds 1 where it happened and loses its weight exponentially with age. */
export interface DecayedSums {
  readonly timeConstantDays: number
  add(place: number, day: number): void
  /** Writes each sum as it stands at a day, which is not before any event added. */
  readAt(day: number, into: Float64Array, count: number): void
}

/** Beyond this many time constants the numbers are carried to a later reference day, so that they stay finite. */
const LONGEST_EXPONENT = 300

/** Sums are kept as of a reference day, so that adding costs one place and time passes for free. */
export function createDecayedSums(size: number, timeConstantDays: number): DecayedSums {
  const sums = new Float64Array(size)
  let reference: number | null = null
  return {
    timeConstantDays,
    add(place, day) {
      reference ??= day
      if ((day - reference) / timeConstantDays > LONGEST_EXPONENT) {
        const shrink = Math.exp(-(day - reference) / timeConstantDays)
        for (let p = 0; p < size; p++) sums[p]! *= shrink
        reference = day
      }
      sums[place]! += Math.exp((day - reference) / timeConstantDays)
    },
    readAt(day, into, count) {
      const factor = reference === null ? 0 : Math.exp(-(day - reference) / timeConstantDays)
      for (let p = 0; p < count; p++) into[p] = sums[p]! * factor
    },
  }
}
