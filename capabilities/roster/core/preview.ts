import { addDays, getDayNumber, weekdayOfDay } from '../../../foundation/core/day.ts'
import { isWeekend, spreadOf, type Spread } from './fairness.ts'
import {
  NIGHT_UNTIL_MINUTE,
  cycleDays,
  isNight,
  roleOn,
  type DutyPattern,
  type ShiftTime,
} from './pattern.ts'
import type { RosterRules } from './roster.ts'

/** What a preview is of: the same officers under two patterns, over the same days. */
export interface PreviewQuestion {
  readonly fromDate: string
  /** Whole weeks, so that each of the 168 hours is seen as often; 7 to 728. */
  readonly days: number
  readonly officers: readonly PreviewOfficer[]
  readonly rules: Pick<
    RosterRules,
    'minimumRestMinutes' | 'maxMinutesPer7Days' | 'maxConsecutiveDays' | 'forbidNightThenDay'
  >
  readonly rates: CostRates
}

export interface PreviewOfficer {
  readonly id: string
  readonly organisationId: string
  readonly sworn: boolean
  readonly patrolCapable: boolean
}

/** What hours cost: in hours of the base rate, or in money where an hour's price is known. */
export interface CostRates {
  /** Hours beyond these in a week, counted from the first day on, are overtime. */
  readonly weekMinutes: number
  readonly overtimeFactor: number
  /** On top, for each hour between midnight and five. */
  readonly nightSupplement: number
  /** Null: cost stays in hours. */
  readonly hourPrice: number | null
}
export const DEFAULT_COST_RATES: CostRates = {
  // 40 hours a week and one and a half for overtime: Labour Law of the PRC, articles 36 and 44, and the State Council's
  // rule of 1995 on working hours. The night supplement is a district's own.
  weekMinutes: 40 * 60,
  overtimeFactor: 1.5,
  nightSupplement: 0,
  hourPrice: null,
}

/** One pattern over these officers. Histograms are counts by length, from 0 on. */
export interface PatternPreview {
  readonly patternCode: string
  /** By officer, in the question's order. */
  readonly platoons: readonly number[]
  readonly minutesPerWeek: Spread & { readonly byOfficer: readonly number[] }
  /** How many runs of so many days in a row without any duty: `restRuns[2]` of two days. */
  readonly restRuns: readonly number[]
  readonly workRuns: readonly number[]
  /** How many days from one duty to the next: `betweenDuties[4]` every fourth day. */
  readonly betweenDuties: readonly number[]
  readonly draws: Spread & {
    readonly byOfficer: readonly number[]
    /** Days from one draw of an officer to their next, on average; null: nobody is drawn twice. */
    readonly meanDaysBetween: number | null
    readonly officerDays: number
  }
  readonly nights: Spread
  readonly weekendDays: Spread
  /** For each of 168 hours, Monday midnight first: officers on duty, on average and at the least. */
  readonly strength: readonly { readonly mean: number; readonly least: number; readonly drawn: number }[]
  readonly violations: readonly {
    readonly rule: 'R03' | 'R04' | 'R05' | 'R06'
    readonly count: number
    readonly officers: number
    /** The first of them. */
    readonly example: { readonly officerId: string; readonly date: string } | null
  }[]
  readonly cost: {
    readonly hours: number
    readonly overtimeHours: number
    readonly nightHours: number
    /** Hours of the base rate, overtime and night weighed in. */
    readonly weighedHours: number
    /** Null where no price is known. */
    readonly money: number | null
  }
}

/**
 * Puts a pattern on officers as it stands, without leave and without a solver: platoons as even as they come within
 * each organisation, each patrol draw to whoever of the platoon has had the fewest and the longest ago. Both sides of
 * a comparison are made the same way. Throws RangeError for a number of days that is no whole number of weeks.
 */
export function previewPattern(pattern: DutyPattern, question: PreviewQuestion): PatternPreview {
  const { days, officers, rates } = question
  if (days < 7 || days > 728 || days % 7 !== 0)
    throw new RangeError(`${days} days are no whole weeks of 1 to 104`)
  const platoons = dealPlatoons(officers, pattern.platoons.length)
  const shifts = new Map(pattern.shifts.map((shift) => [shift.code, shift]))
  const sheet = workSheet(pattern, question, platoons)
  const rows = sheet.map((row) =>
    row.map((cell) => (cell ? { ...cell, time: shifts.get(cell.shift)! } : null)),
  )
  const minutes = rows.map((row) => sum(row.map((cell) => cell?.time.workMinutes ?? 0)) / (days / 7))
  const drawsBy = rows.map((row) => row.filter((cell) => cell?.isDraw).length)
  const drawGaps = rows.flatMap((row) => gapsOf(row.flatMap((cell, day) => (cell?.isDraw ? [day] : []))))
  const dates = Array.from({ length: days }, (_, day) => addDays(question.fromDate, day))
  return {
    patternCode: pattern.code,
    platoons,
    minutesPerWeek: { ...spreadOf(minutes), byOfficer: minutes },
    restRuns: histogram(rows.flatMap((row) => innerRuns(row.map((cell) => cell === null)))),
    workRuns: histogram(rows.flatMap((row) => innerRuns(row.map((cell) => cell !== null)))),
    betweenDuties: histogram(rows.flatMap((row) => gapsOf(row.flatMap((cell, day) => (cell ? [day] : []))))),
    draws: {
      ...spreadOf(drawsBy),
      byOfficer: drawsBy,
      meanDaysBetween: drawGaps.length === 0 ? null : sum(drawGaps) / drawGaps.length,
      officerDays: sum(drawsBy),
    },
    nights: spreadOf(rows.map((row) => row.filter((cell) => cell && isNight(cell.time)).length)),
    weekendDays: spreadOf(
      rows.map((row) => row.filter((cell, day) => cell && isWeekend(dates[day]!)).length),
    ),
    strength: strengthOf(rows, dates),
    violations: violationsOf(rows, question, dates),
    cost: costOf(rows, rates),
  }
}

interface Worked {
  readonly shift: string
  readonly isDraw: boolean
}
type Rows = readonly (readonly ((Worked & { readonly time: ShiftTime }) | null)[])[]

/**
 * The platoon of each officer, in their order: sworn and then auxiliary officers dealt round the platoons of their
 * organisation, so that every platoon has its leaders.
 */
export function dealPlatoons(
  officers: readonly Pick<PreviewOfficer, 'organisationId' | 'sworn'>[],
  platoons: number,
): readonly number[] {
  const dealt = new Map<string, number>()
  return officers
    .map((who, index) => ({ who, index }))
    .sort((a, b) => Number(b.who.sworn) - Number(a.who.sworn) || a.index - b.index)
    .map(({ who, index }) => {
      const next = dealt.get(who.organisationId) ?? 0
      dealt.set(who.organisationId, next + 1)
      return { index, platoon: next % platoons }
    })
    .sort((a, b) => a.index - b.index)
    .map(({ platoon }) => platoon)
}

function workSheet(
  pattern: DutyPattern,
  { fromDate, days, officers }: PreviewQuestion,
  platoons: readonly number[],
): readonly (readonly (Worked | null)[])[] {
  const sheet = officers.map(() => new Array<Worked | null>(days).fill(null))
  const roles = pattern.platoons.map((_, platoon) =>
    Array.from({ length: days }, (__, day) => roleOn(pattern, fromDate, platoon, addDays(fromDate, day))),
  )
  officers.forEach((_, officer) => {
    for (let day = 0; day < days; day++) {
      const role = roles[platoons[officer]!]![day]!
      // Where a role offers several shifts, the members of a platoon take them in turn.
      const shift =
        role.shifts[(officer + Math.floor(day / cycleDays(pattern))) % Math.max(1, role.shifts.length)]
      if (shift) sheet[officer]![day] = { shift, isDraw: false }
    }
  })
  const byPlatoon = new Map<string, number[]>()
  officers.forEach(({ organisationId }, officer) => {
    const key = `${organisationId}/${platoons[officer]}`
    const members = byPlatoon.get(key)
    if (members) members.push(officer)
    else byPlatoon.set(key, [officer])
  })
  const drawn = officers.map(() => ({ times: 0, last: -Infinity }))
  for (let day = 0; day < days; day++)
    for (const draw of pattern.draws)
      for (const members of byPlatoon.values()) {
        if (roles[platoons[members[0]!]!]![day]!.code !== draw.fromRole) continue
        const turn = members
          .filter((officer) => officers[officer]!.patrolCapable && !sheet[officer]![day]?.isDraw)
          .sort((a, b) => drawn[a]!.times - drawn[b]!.times || drawn[a]!.last - drawn[b]!.last || a - b)
        for (const officer of turn.slice(0, draw.officers)) {
          sheet[officer]![day] = { shift: draw.shift, isDraw: true }
          drawn[officer] = { times: drawn[officer]!.times + 1, last: day }
        }
      }
  return sheet
}

/** Officers on duty in each hour of the week; the hours that run over the end are seen at its beginning. */
function strengthOf(rows: Rows, dates: readonly string[]): PatternPreview['strength'] {
  const hours = dates.length * 24
  const present = new Float64Array(hours)
  const drawn = new Float64Array(hours)
  for (const row of rows)
    row.forEach((cell, day) => {
      if (!cell) return
      const from = day * 24 + Math.floor(cell.time.startMinute / 60)
      const until = day * 24 + Math.ceil((cell.time.startMinute + cell.time.lengthMinutes) / 60)
      for (let hour = from; hour < until; hour++) {
        present[hour % hours]!++
        if (cell.isDraw) drawn[hour % hours]!++
      }
    })
  const weeks = dates.length / 7
  const firstWeekday = weekdayOfDay(getDayNumber(dates[0]!)) - 1
  return Array.from({ length: 168 }, (_, slot) => {
    const day = (Math.floor(slot / 24) - firstWeekday + 7) % 7
    const seen = Array.from({ length: weeks }, (__, week) => (week * 7 + day) * 24 + (slot % 24))
    return {
      mean: sum(seen.map((hour) => present[hour]!)) / weeks,
      least: Math.min(...seen.map((hour) => present[hour]!)),
      drawn: sum(seen.map((hour) => drawn[hour]!)) / weeks,
    }
  })
}

function violationsOf(
  rows: Rows,
  { officers, rules }: PreviewQuestion,
  dates: readonly string[],
): PatternPreview['violations'] {
  const found = new Map<string, { officer: number; day: number }[]>(
    (['R03', 'R04', 'R05', 'R06'] as const).map((rule) => [rule, []]),
  )
  rows.forEach((row, officer) => {
    let run = 0
    row.forEach((cell, day) => {
      run = cell ? run + 1 : 0
      if (!cell) return
      const say = (rule: string) => found.get(rule)!.push({ officer, day })
      const former = row[day - 1]
      if (former) {
        const rest = 1440 + cell.time.startMinute - former.time.startMinute - former.time.lengthMinutes
        if (rest < rules.minimumRestMinutes) say('R03')
        const isDay = cell.time.startMinute >= NIGHT_UNTIL_MINUTE && cell.time.startMinute < 720
        if (rules.forbidNightThenDay && isNight(former.time) && isDay) say('R04')
      }
      const week = sum(row.slice(Math.max(0, day - 6), day + 1).map((one) => one?.time.workMinutes ?? 0))
      if (week > rules.maxMinutesPer7Days) say('R05')
      if (run > rules.maxConsecutiveDays) say('R06')
    })
  })
  return (['R03', 'R04', 'R05', 'R06'] as const).map((rule) => {
    const list = found.get(rule)!
    const first = list[0]
    return {
      rule,
      count: list.length,
      officers: new Set(list.map(({ officer }) => officer)).size,
      example: first ? { officerId: officers[first.officer]!.id, date: dates[first.day]! } : null,
    }
  })
}

function costOf(rows: Rows, { weekMinutes, overtimeFactor, nightSupplement, hourPrice }: CostRates) {
  let worked = 0
  let overtime = 0
  let night = 0
  for (const row of rows)
    for (let monday = 0; monday < row.length; monday += 7) {
      const week = row.slice(monday, monday + 7)
      const minutes = sum(week.map((cell) => cell?.time.workMinutes ?? 0))
      worked += minutes
      overtime += Math.max(0, minutes - weekMinutes)
      night += sum(week.map((cell) => (cell ? nightMinutes(cell.time) : 0)))
    }
  const weighedHours = (worked + overtime * (overtimeFactor - 1) + night * nightSupplement) / 60
  return {
    hours: worked / 60,
    overtimeHours: overtime / 60,
    nightHours: night / 60,
    weighedHours,
    money: hourPrice === null ? null : weighedHours * hourPrice,
  }
}

/** Minutes between midnight and five, of this night or the next. */
function nightMinutes({ startMinute, lengthMinutes }: ShiftTime): number {
  const end = startMinute + lengthMinutes
  return [0, 1440].reduce(
    (total, midnight) =>
      total + Math.max(0, Math.min(end, midnight + NIGHT_UNTIL_MINUTE) - Math.max(startMinute, midnight)),
    0,
  )
}

/** Lengths of the runs of true; those at the edges are cut off by chance and left out. */
function innerRuns(days: readonly boolean[]): readonly number[] {
  const runs: number[] = []
  let length = 0
  let isEdge = true
  for (const is of days) {
    if (is) length++
    else {
      if (length > 0 && !isEdge) runs.push(length)
      length = 0
      isEdge = false
    }
  }
  return runs
}

const gapsOf = (days: readonly number[]): readonly number[] => days.slice(1).map((day, at) => day - days[at]!)

function histogram(lengths: readonly number[]): readonly number[] {
  const counts = new Array<number>(Math.max(0, ...lengths) + 1).fill(0)
  for (const length of lengths) counts[length]!++
  return counts
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0)
