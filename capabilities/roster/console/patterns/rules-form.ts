import type { RosterRules } from '../../core/index.ts'

/** The hard rules as people say them: hours and hundredths. */
export interface RulesForm {
  readonly restHours: number
  readonly weekHours: number
  readonly trainingHours: number
  readonly maxConsecutiveDays: number
  readonly forbidNightThenDay: boolean
  /** Under a name of its own: the weight of the same name stands on the same page. */
  readonly offPattern: RosterRules['offPatternDuty']
  readonly streetShares: readonly {
    readonly fromHour: number
    readonly untilHour: number
    readonly percent: number
  }[]
}

export function toRulesForm(rules: RosterRules): RulesForm {
  const { minimumRestMinutes, maxMinutesPer7Days, trainingMinutes, streetShares, offPatternDuty, ...same } =
    rules
  return {
    ...same,
    offPattern: offPatternDuty,
    restHours: minimumRestMinutes / 60,
    weekHours: maxMinutesPer7Days / 60,
    trainingHours: trainingMinutes / 60,
    streetShares: streetShares.map(({ fromMinute, untilMinute, share }) => ({
      fromHour: fromMinute / 60,
      untilHour: untilMinute / 60,
      percent: Math.round(share * 10_000) / 100,
    })),
  }
}

export function fromRulesForm(form: RulesForm): RosterRules {
  const { restHours, weekHours, trainingHours, streetShares, offPattern, ...same } = form
  const minutes = (hours: number) => Math.round(hours * 60)
  return {
    ...same,
    offPatternDuty: offPattern,
    minimumRestMinutes: minutes(restHours),
    maxMinutesPer7Days: minutes(weekHours),
    trainingMinutes: minutes(trainingHours),
    streetShares: streetShares.map(({ fromHour, untilHour, percent }) => ({
      fromMinute: minutes(fromHour),
      untilMinute: minutes(untilHour),
      share: shareOf(percent),
    })),
  }
}

/** Two thirds are written 66.67: read again they are two thirds, or ten of fifteen would be one too few. */
function shareOf(percent: number): number {
  const share = Math.round(percent * 100) / 10_000
  for (const parts of [3, 6, 7, 9]) {
    const exact = Math.round(share * parts) / parts
    if (Math.abs(exact - share) <= 0.000_05 + Number.EPSILON) return exact
  }
  return share
}
