import type { SolverCount } from '../../../solvers/rostering/problem.ts'
import { platoonsInRole } from './check.ts'
import { countsAs, isWeekend } from './fairness.ts'
import type { OpenGround } from './options.ts'
import { FAIRNESS_KINDS, type Duty, type DutyOption, type FairnessKind } from './roster.ts'

/** By organisation and kind: how much one of its officers would have, were all shared out alike. */
export type FairShares = ReadonlyMap<string, Readonly<Record<FairnessKind, number>>>

export function fairShares(open: OpenGround): FairShares {
  const { officers, days } = open.ground
  const sums = new Map<string, { people: number } & Record<FairnessKind, number>>()
  officers.forEach((who, officer) => {
    const followed = open.schemeOf(who.organisationId)
    if (who.platoon === null || !followed) return
    const sum = sums.get(who.organisationId) ?? { people: 0, draws: 0, nights: 0, weekends: 0, holidays: 0 }
    sums.set(who.organisationId, sum)
    sum.people++
    for (const kind of FAIRNESS_KINDS) sum[kind] += who.carried[kind]
    for (let day = 0; day < days; day++) {
      const role = open.role(officer, day)
      if (!role || role.shifts.length === 0 || open.absence(officer, day)) continue
      const duty = usualDuty(who.organisationId, role.shifts[0]!)
      for (const kind of ['nights', 'weekends', 'holidays'] as const)
        if (countsAs(open, kind, duty, day)) sum[kind]++
    }
  })
  for (const { organisationId } of open.ground.schemes) {
    const sum = sums.get(organisationId)
    const members = officers.flatMap((who, officer) =>
      who.organisationId === organisationId ? [officer] : [],
    )
    if (!sum) continue
    for (const draw of open.schemeOf(organisationId)!.pattern.draws)
      for (let day = 0; day < days; day++)
        sum.draws += draw.officers * platoonsInRole(open, day, draw.fromRole, members).size
  }
  return new Map(
    [...sums].map(([organisationId, { people, draws, nights, weekends, holidays }]) => [
      organisationId,
      {
        draws: draws / people,
        nights: nights / people,
        weekends: weekends / people,
        holidays: holidays / people,
      },
    ]),
  )
}

const usualDuty = (organisationId: string, shift: string): Duty => ({
  kind: 'duty',
  organisationId,
  shift,
  postId: null,
  draw: null,
})

/** The square of the distance from an equal share, priced; null where the pattern leaves nothing to choose. */
export function fairCount(
  open: OpenGround,
  officer: number,
  kind: FairnessKind,
  domain: readonly (readonly number[])[],
  options: readonly DutyOption[],
  shares: FairShares,
): SolverCount | null {
  const who = open.ground.officers[officer]!
  const share = shares.get(who.organisationId)?.[kind]
  const weight = open.ground.weights[kind]
  if (share === undefined || weight === 0) return null
  const counted = (shift: number, day: number) => {
    const option = options[shift]!
    return option.kind === 'duty' && countsAs(open, kind, option, day)
  }
  const isOpen = domain.some(
    (allowed, day) =>
      allowed.some((shift) => counted(shift, day)) && !allowed.every((shift) => counted(shift, day)),
  )
  if (!isOpen) return null
  const days = kind === 'weekends' || kind === 'holidays' ? daysOfKind(open, kind) : null
  const shifts = options.flatMap((option, at) => {
    if (option.kind !== 'duty') return []
    return days !== null || countsAs(open, kind, option, 0) ? [at] : []
  })
  return {
    id: kind,
    shifts,
    days,
    min: 0,
    max: Infinity,
    cost: Array.from(
      { length: (days?.length ?? open.ground.days) + 1 },
      (_, count) => weight * (who.carried[kind] + count - share) ** 2,
    ),
  }
}

function daysOfKind(open: OpenGround, kind: 'weekends' | 'holidays'): readonly number[] {
  return open.dates.flatMap((date, day) =>
    (kind === 'weekends' ? isWeekend(date) : open.ground.holidays.includes(date)) ? [day] : [],
  )
}

/** Saturday with the Sunday after it. */
export function weekendsOf(open: OpenGround): readonly (readonly number[])[] {
  const days = daysOfKind(open, 'weekends')
  const pairs: number[][] = []
  for (const day of days) {
    const pair = pairs.at(-1)
    if (pair?.at(-1) === day - 1) pair.push(day)
    else pairs.push([day])
  }
  return pairs
}
