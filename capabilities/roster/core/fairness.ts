import { getDayNumber, weekdayOfDay } from '../../../foundation/core/day.ts'
import type { OpenGround } from './options.ts'
import { isNight } from './pattern.ts'
import { FAIRNESS_KINDS, type Duty, type FairnessKind, type RosterGrid } from './roster.ts'

/** Saturday or Sunday. */
export const isWeekend = (date: string): boolean => weekdayOfDay(getDayNumber(date)) >= 6

/** Whether a duty on a day counts towards what is shared out fairly. */
export function countsAs(open: OpenGround, kind: FairnessKind, duty: Duty, day: number): boolean {
  switch (kind) {
    case 'draws':
      return duty.draw !== null
    case 'nights': {
      const shift = open.findShift(duty)
      return shift !== null && isNight(shift)
    }
    case 'weekends':
      return isWeekend(open.dates[day]!)
    case 'holidays':
      return open.ground.holidays.includes(open.dates[day]!)
  }
}

export interface FairnessReport {
  /** One entry an officer of the ground who follows a pattern, in its order. */
  readonly officers: readonly {
    readonly officerId: string
    readonly organisationId: string
    /** In this roster alone, and with what was carried over. */
    readonly own: Readonly<Record<FairnessKind, number>>
    readonly total: Readonly<Record<FairnessKind, number>>
  }[]
  /** Over all of them, of the totals. */
  readonly spread: Readonly<Record<FairnessKind, Spread>>
}

export interface Spread {
  readonly mean: number
  readonly least: number
  readonly most: number
  /** 0: everybody has the same; towards 1: one has all. */
  readonly gini: number
}

/** How draws, nights, weekends and holidays are shared out. */
export function fairnessOf(open: OpenGround, grid: RosterGrid): FairnessReport {
  const officers = open.ground.officers.flatMap((who, officer) => {
    if (who.platoon === null) return []
    const own = { draws: 0, nights: 0, weekends: 0, holidays: 0 }
    grid[officer]!.forEach((option, day) => {
      if (option.kind !== 'duty') return
      for (const kind of FAIRNESS_KINDS) if (countsAs(open, kind, option, day)) own[kind]++
    })
    const total = { ...own }
    for (const kind of FAIRNESS_KINDS) total[kind] += who.carried[kind]
    return [{ officerId: who.id, organisationId: who.organisationId, own, total }]
  })
  const spreadOfKind = (kind: FairnessKind) => spreadOf(officers.map(({ total }) => total[kind]))
  return {
    officers,
    spread: {
      draws: spreadOfKind('draws'),
      nights: spreadOfKind('nights'),
      weekends: spreadOfKind('weekends'),
      holidays: spreadOfKind('holidays'),
    },
  }
}

/** Mean, range and Gini coefficient of counts; all zero for none. */
export function spreadOf(counts: readonly number[]): Spread {
  if (counts.length === 0) return { mean: 0, least: 0, most: 0, gini: 0 }
  const sorted = [...counts].sort((a, b) => a - b)
  const sum = sorted.reduce((total, count) => total + count, 0)
  // Half the relative mean difference, by ranks.
  const ranked = sorted.reduce(
    (total, count, index) => total + (2 * (index + 1) - sorted.length - 1) * count,
    0,
  )
  return {
    mean: sum / sorted.length,
    least: sorted[0]!,
    most: sorted.at(-1)!,
    gini: sum === 0 ? 0 : ranked / (sorted.length * sum),
  }
}
