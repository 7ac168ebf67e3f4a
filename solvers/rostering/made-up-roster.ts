import { seededChance } from '../../foundation/core/chance.ts'
import type {
  DemandTerm,
  RosteringProblem,
  SolverCount,
  SolverDemand,
  SolverEmployee,
  SolverShift,
} from './problem.ts'

/**
 * A district made up by seed, for specs and for measuring: sites with four teams in turn (day, night, second, free),
 * posts with fewest and most people, certificates, one call from the second team each day, a share of people in the
 * field by the hour, hours a week, leave, fairness carried over, wishes.
 */
export interface MadeUpSize {
  readonly employees: number
  readonly days: number
  readonly sites: number
}

export const MADE_UP_SHIFTS: readonly SolverShift[] = (() => {
  const day = ['day-desk', 'day-field', 'day-drive', 'day-lead']
  const night = ['night-desk', 'night-field', 'night-drive', 'night-lead']
  const second = ['call', 'second-desk', 'second-field', 'course']
  const ids = ['off', ...day, ...night, ...second]
  const isNight = (id: string) => night.includes(id)
  return ids.map((id) => ({
    id,
    workMinutes: id === 'off' ? 0 : second.includes(id) ? 480 : 720,
    isWork: id !== 'off',
    // after a night neither a day nor a second duty the day after
    cannotPrecede: isNight(id) ? ids.flatMap((other, s) => (s > 0 && !isNight(other) ? [s] : [])) : [],
    cannotPrecedeByTwo: [],
  }))
})()

const shift = (id: string) => MADE_UP_SHIFTS.findIndex((one) => one.id === id)
const shiftsOf = (...ids: string[]) => ids.map(shift)
const FIELD = shiftsOf('day-field', 'day-drive', 'night-field', 'night-drive', 'call', 'second-field')
/** Hours of the day it is worked, hours of the next day from 24 on. */
const HOURS: Record<string, readonly [number, number]> = { day: [8, 20], night: [20, 32], second: [10, 18] }
const FIELD_SHARE = 0.4

export function madeUpRoster(seed: number, size: MadeUpSize): RosteringProblem {
  const chance = seededChance(seed)
  const { employees, days, sites } = size
  const groups: number[][] = []
  const group = (members: number[]) => groups.push(members) - 1
  const people = Array.from({ length: employees }, (_, e) => ({
    site: e % sites,
    team: Math.floor(e / sites) % 4,
    isSworn: chance.next() < 0.55,
    canDrive: chance.next() < 0.5,
    leavesFrom: chance.next() < 0.25 ? chance.below(days) : -1,
    leaveDays: 2 + chance.below(5),
    courseOn: chance.next() < 0.15 ? chance.below(days) : -1,
    done: { calls: chance.below(3), nights: chance.below(5), weekends: chance.below(4) },
  }))
  const role = (team: number, day: number) => (team + day) % 4
  const roles = [
    shiftsOf('day-desk', 'day-field', 'day-drive', 'day-lead'),
    shiftsOf('night-desk', 'night-field', 'night-drive', 'night-lead'),
    shiftsOf('off', 'call', 'second-desk', 'second-field'),
    [0],
  ]
  const domainOf = (person: (typeof people)[number], day: number): number[] => {
    if (person.leavesFrom >= 0 && day >= person.leavesFrom && day < person.leavesFrom + person.leaveDays)
      return [0]
    if (day === person.courseOn && role(person.team, day) === 2) return shiftsOf('course')
    const fit = roles[role(person.team, day)]!.filter((s) => {
      const { id } = MADE_UP_SHIFTS[s]!
      return (!id.endsWith('drive') || person.canDrive) && (!id.endsWith('lead') || person.isSworn)
    })
    // a day or a night may be exchanged for a day off where there is someone to spare
    return role(person.team, day) < 2 ? [0, ...fit] : fit
  }
  const weekends: number[][] = []
  for (let day = 5; day < days; day += 7) weekends.push([day, day + 1].filter((one) => one < days))
  const working = MADE_UP_SHIFTS.flatMap((one, s) => (one.isWork ? [s] : []))
  const squares = (done: number, weight: number, most: number) =>
    Array.from({ length: most + 1 }, (_, n) => weight * (n + done) ** 2)

  const rows = people.map((person, e): SolverEmployee => {
    const counts: SolverCount[] = [
      {
        id: 'calls',
        shifts: shiftsOf('call'),
        days: null,
        min: 0,
        max: 6,
        cost: squares(person.done.calls, 6, days),
      },
      {
        id: 'nights',
        shifts: roles[1]!,
        days: null,
        min: 0,
        max: 9,
        cost: squares(person.done.nights, 1, days),
      },
      {
        id: 'weekend-days',
        shifts: working,
        days: weekends.flat(),
        min: 0,
        max: 8,
        cost: squares(person.done.weekends, 2, days),
      },
      {
        id: 'holiday',
        shifts: working,
        days: [days >> 1, (days >> 1) + 1],
        min: 0,
        max: 2,
        cost: [0, 4, 14],
      },
    ]
    const wishes = Array.from({ length: 4 }, () => ({
      day: chance.below(days),
      shift: chance.pick([0, ...working]),
      cost: (chance.next() < 0.5 ? -1 : 1) * (1 + chance.below(5)),
    }))
    return {
      id: `e${e}`,
      domain: Array.from({ length: days }, (_, day) => domainOf(person, day)),
      cellCosts: wishes,
      windows: Array.from({ length: Math.floor(days / 7) }, (_, week) => ({
        fromDay: week * 7,
        untilDay: week * 7 + 7,
        minMinutes: 0,
        maxMinutes: 3360,
      })),
      maxConsecutiveWork: 4,
      minConsecutiveWork: null,
      minConsecutiveOff: null,
      maxWeekends: null,
      counts,
      before: [0],
    }
  })

  const demands: SolverDemand[] = []
  const wanted = (
    id: string,
    terms: DemandTerm[],
    low: number,
    high: number,
    underCost: number,
    overCost: number,
  ) => demands.push({ id, terms, low, high, underCost, overCost })
  const plain = (day: number, shifts: readonly number[], of: number, coefficient = 1): DemandTerm[] =>
    shifts.map((s) => ({ day, shift: s, group: of, coefficient }))
  for (let site = 0; site < sites; site++) {
    const here = people.flatMap((person, e) => (person.site === site ? [e] : []))
    const all = group(here)
    const drivers = group(here.filter((e) => people[e]!.canDrive))
    const teams = [0, 1, 2, 3].map((team) => group(here.filter((e) => people[e]!.team === team)))
    const crew = groups[teams[0]!]!.length
    for (let day = 0; day < days; day++) {
      const at = `${site}/${day}`
      for (const part of ['day', 'night']) {
        wanted(
          `desk ${part} ${at}`,
          plain(day, shiftsOf(`${part}-desk`), all),
          1,
          Math.max(2, crew >> 1),
          Infinity,
          Infinity,
        )
        wanted(
          `drive ${part} ${at}`,
          plain(day, shiftsOf(`${part}-drive`), drivers),
          1,
          3,
          Infinity,
          Infinity,
        )
        wanted(`lead ${part} ${at}`, plain(day, shiftsOf(`${part}-lead`), all), 1, 1, Infinity, Infinity)
        wanted(
          `crew ${part} ${at}`,
          plain(day, roles[part === 'day' ? 0 : 1]!, all),
          Math.ceil(crew * 0.7),
          crew,
          20,
          0,
        )
      }
      const second = teams.find((_, team) => role(team, day) === 2)!
      wanted(`call ${at}`, plain(day, shiftsOf('call'), second), 1, 1, Infinity, Infinity)
      wanted(`second ${at}`, plain(day, shiftsOf('second-desk', 'second-field'), second), 1, crew, 8, 0)
      for (let hour = 0; hour < 24; hour += 2) {
        const terms: DemandTerm[] = []
        for (const s of working) {
          const part = MADE_UP_SHIFTS[s]!.id.split('-')[0]!
          const [from, until] = HOURS[part] ?? HOURS['second']!
          const coefficient = FIELD.includes(s) ? 1 - FIELD_SHARE : -FIELD_SHARE
          if (hour >= from && hour < until) terms.push({ day, shift: s, group: all, coefficient })
          if (day > 0 && hour + 24 >= from && hour + 24 < until)
            terms.push({ day: day - 1, shift: s, group: all, coefficient })
        }
        if (terms.length > 0) wanted(`field ${at} ${hour}`, terms, 0, Infinity, Infinity, 0)
      }
    }
  }
  return { days, shifts: MADE_UP_SHIFTS, employees: rows, groups, demands, weekends, constant: 0 }
}
