export interface Bar {
  readonly count: number
  readonly now: number
  /** Null where there is nothing to compare with. */
  readonly before: number | null
}

/** How many people have each count, from the least to the most of either, none left out between. */
export function histogram(now: readonly number[], before: readonly number[] | null): readonly Bar[] {
  const all = [...now, ...(before ?? [])]
  if (all.length === 0) return []
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const howMany = (counts: readonly number[], count: number) => counts.filter((each) => each === count).length
  return Array.from({ length: most - least + 1 }, (_, index) => ({
    count: least + index,
    now: howMany(now, least + index),
    before: before && howMany(before, least + index),
  }))
}
