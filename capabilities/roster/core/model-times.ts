import type { SolverShift } from '../../../solvers/rostering/problem.ts'
import type { OpenGround } from './options.ts'
import { NIGHT_UNTIL_MINUTE, isNight, type ShiftTime } from './pattern.ts'
import { optionKey, type DutyOption } from './roster.ts'

/** The time that an option takes; null: none. */
export function timeOf(open: OpenGround, option: DutyOption): ShiftTime | null {
  if (option.kind === 'duty') return open.findShift(option)
  if (option.kind !== 'training') return null
  const minutes = open.ground.rules.trainingMinutes
  return {
    code: 'training',
    nameZh: '培训',
    nameEn: 'Training',
    startMinute: TRAINING_STARTS,
    lengthMinutes: minutes,
    workMinutes: minutes,
  }
}
const TRAINING_STARTS = 9 * 60
const NOON = 12 * 60

/** R03, R04 and R13 as what may not follow what. */
export function shiftsOf(open: OpenGround, options: readonly DutyOption[]): readonly SolverShift[] {
  const { minimumRestMinutes, forbidNightThenDay } = open.ground.rules
  const times = options.map((option) => timeOf(open, option))
  const after = (first: ShiftTime | null, daysLater: number): readonly number[] => {
    if (!first) return []
    const free = first.startMinute + first.lengthMinutes + minimumRestMinutes - daysLater * 1440
    return times.flatMap((second, at) => {
      if (!second) return []
      const isTooSoon = second.startMinute < free
      const isDayAfterNight =
        forbidNightThenDay &&
        daysLater === 1 &&
        isNight(first) &&
        second.startMinute >= NIGHT_UNTIL_MINUTE &&
        second.startMinute < NOON
      return isTooSoon || isDayAfterNight ? [at] : []
    })
  }
  return options.map((option, at) => ({
    id: optionKey(option),
    workMinutes: times[at]?.workMinutes ?? 0,
    isWork: times[at] !== null,
    cannotPrecede: after(times[at]!, 1),
    cannotPrecedeByTwo: after(times[at]!, 2),
  }))
}
