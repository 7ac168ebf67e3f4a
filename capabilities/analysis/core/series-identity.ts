/** A series as it is told apart from others: by the incidents that it holds. */
export interface SeriesIncidents {
  readonly category: string
  /** Keys of its incidents, which are the same every day. */
  readonly incidents: readonly string[]
}

export interface NamedSeries extends SeriesIncidents {
  readonly id: string
  /** The day that first showed it. */
  readonly since: string
}

/**
 * Which of the series known from other days each series is: the one that it shares the most incidents with, and no two
 * are the same. Null for a new one. `known` are lists in the order in which they are believed: the day before goes
 * before any later day, which a run made up for may find.
 */
export function recogniseSeries(
  found: readonly SeriesIncidents[],
  known: readonly (readonly NamedSeries[])[],
): (Pick<NamedSeries, 'id' | 'since'> | null)[] {
  const recognised: (Pick<NamedSeries, 'id' | 'since'> | null)[] = found.map(() => null)
  const taken = new Set<string>()
  for (const day of known) {
    const seriesOf = new Map<string, NamedSeries[]>()
    for (const series of day)
      for (const incident of series.incidents) {
        const key = `${series.category}|${incident}`
        seriesOf.set(key, [...(seriesOf.get(key) ?? []), series])
      }
    const pairs = found.flatMap(({ category, incidents }, f) => {
      if (recognised[f] !== null) return []
      const shared = new Map<NamedSeries, number>()
      for (const incident of incidents)
        for (const series of seriesOf.get(`${category}|${incident}`) ?? [])
          shared.set(series, (shared.get(series) ?? 0) + 1)
      return [...shared].map(([series, count]) => ({ f, series, count }))
    })
    pairs.sort((a, b) => b.count - a.count || a.f - b.f || (a.series.id < b.series.id ? -1 : 1))
    for (const { f, series } of pairs) {
      if (recognised[f] !== null || taken.has(series.id)) continue
      recognised[f] = { id: series.id, since: series.since }
      taken.add(series.id)
    }
  }
  return recognised
}
