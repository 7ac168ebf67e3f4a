import type { DayRole, DutyPattern, Platoon, ShiftTime } from './pattern.ts'

const HOUR = 60

const primary = (shift: string): DayRole => ({
  code: 'primary',
  nameZh: '值班',
  nameEn: 'Primary duty',
  markZh: '值',
  markEn: 'P',
  shifts: [shift],
})
const secondary = (shift: string): DayRole => ({
  code: 'secondary',
  nameZh: '副班',
  nameEn: 'Secondary duty',
  markZh: '副',
  markEn: 'S',
  shifts: [shift],
})
const REST: DayRole = {
  code: 'rest',
  nameZh: '休班',
  nameEn: 'Rest',
  markZh: '休',
  markEn: '·',
  shifts: [],
}
const dayRole = (code: string, shift: string): DayRole => ({
  code,
  nameZh: '白班',
  nameEn: 'Day',
  markZh: '白',
  markEn: 'D',
  shifts: [shift],
})
const nightRole = (code: string, shift: string): DayRole => ({
  code,
  nameZh: '夜班',
  nameEn: 'Night',
  markZh: '夜',
  markEn: 'N',
  shifts: [shift],
})

/** A whole day from eight to eight; a third of it is rest at the post and does not count as hours. */
const WHOLE_DAY: ShiftTime = {
  code: 'whole-day',
  nameZh: '全天 08–08',
  nameEn: 'Whole day 08–08',
  startMinute: 8 * HOUR,
  lengthMinutes: 24 * HOUR,
  workMinutes: 16 * HOUR,
}
const OFFICE: ShiftTime = {
  code: 'office',
  nameZh: '白天 09–17',
  nameEn: 'Office hours 09–17',
  startMinute: 9 * HOUR,
  lengthMinutes: 8 * HOUR,
  workMinutes: 8 * HOUR,
}
const EVENING_PATROL: ShiftTime = {
  code: 'evening-patrol',
  nameZh: '晚巡 14–22',
  nameEn: 'Evening patrol 14–22',
  startMinute: 14 * HOUR,
  lengthMinutes: 8 * HOUR,
  workMinutes: 8 * HOUR,
}
const DAY_12: ShiftTime = {
  code: 'day',
  nameZh: '白班 08–20',
  nameEn: 'Day 08–20',
  startMinute: 8 * HOUR,
  lengthMinutes: 12 * HOUR,
  workMinutes: 12 * HOUR,
}
const NIGHT_12: ShiftTime = {
  code: 'night',
  nameZh: '夜班 20–08',
  nameEn: 'Night 20–08',
  startMinute: 20 * HOUR,
  lengthMinutes: 12 * HOUR,
  workMinutes: 12 * HOUR,
}
const eight = (code: string, nameZh: string, nameEn: string, startHour: number): ShiftTime => ({
  code,
  nameZh,
  nameEn,
  startMinute: startHour * HOUR,
  lengthMinutes: 8 * HOUR,
  workMinutes: 8 * HOUR,
})

const NUMERALS = ['一', '二', '三', '四', '五', '六']
const platoons = (ahead: readonly number[]): readonly Platoon[] =>
  ahead.map((days, index) => ({
    nameZh: `${NUMERALS[index]}班`,
    nameEn: `Platoon ${index + 1}`,
    ahead: days,
  }))

const REFERENCE = '参考分局的勤务改革 (Xunfang design reference, operations 2 «Duty pattern»)'
/** The comparison of 8, 10 and 12 hours in two police departments; the field's own study of shift length. */
const SHIFT_LENGTH_EXPERIMENT =
  'Amendola K. L. et al. (2011), The Shift Length Experiment: What We Know About 8-, 10-, and 12-Hour Shifts in Policing, Police Foundation'
const SCHEDULING_THEORY =
  'Miller J. C. (2013), Fundamentals of Shiftwork Scheduling, 3rd ed.: Pitman, DuPont and other twelve-hour plans by name'

const FOUR_DAYS = ['primary', 'rest', 'secondary', 'rest'] as const
const repeat = (role: string, days: number): readonly string[] => new Array<string>(days).fill(role)

/** Patterns that come with the house; a district changes them or adds its own. */
export const SHIPPED_PATTERNS: readonly DutyPattern[] = [
  {
    code: 'three-shift',
    nameZh: '三班制 (值班、副班、休班)',
    nameEn: 'Three-shift',
    sources: [REFERENCE],
    // A secondary day comes before the whole day, never after it: rest of the pattern itself is then lawful.
    sequence: ['primary', 'rest', 'secondary'],
    platoons: platoons([0, 1, 2]),
    roles: [primary('whole-day'), secondary('office'), REST],
    shifts: [WHOLE_DAY, OFFICE],
    draws: [],
    minimums: [],
  },
  {
    code: 'four-shift',
    nameZh: '四班制',
    nameEn: 'Four-shift',
    sources: [REFERENCE],
    sequence: FOUR_DAYS,
    platoons: platoons([0, 1, 2, 3]),
    roles: [primary('whole-day'), secondary('office'), REST],
    shifts: [WHOLE_DAY, OFFICE],
    draws: [],
    minimums: [],
  },
  {
    code: 'four-plus-one',
    nameZh: '四班制 4+1 (副班抽一人巡防)',
    nameEn: 'Four-shift 4+1',
    sources: [REFERENCE],
    sequence: FOUR_DAYS,
    platoons: platoons([0, 1, 2, 3]),
    roles: [primary('whole-day'), secondary('office'), REST],
    shifts: [WHOLE_DAY, OFFICE, EVENING_PATROL],
    draws: [
      {
        code: 'patrol',
        nameZh: '抽调巡防',
        nameEn: 'Patrol draw',
        fromRole: 'secondary',
        officers: 1,
        shift: 'evening-patrol',
      },
    ],
    minimums: [],
  },
  {
    code: 'pitman',
    nameZh: '皮特曼 2-3-2 (十二小时, 四班)',
    nameEn: 'Pitman 2-3-2, 12 hours',
    sources: [SCHEDULING_THEORY, SHIFT_LENGTH_EXPERIMENT],
    // Two on, two off, three on, two off, two on, three off; a fortnight of days, then one of nights.
    sequence: ['day', 'night'].flatMap((role) => [
      ...repeat(role, 2),
      ...repeat('rest', 2),
      ...repeat(role, 3),
      ...repeat('rest', 2),
      ...repeat(role, 2),
      ...repeat('rest', 3),
    ]),
    platoons: platoons([0, 7, 14, 21]),
    roles: [dayRole('day', 'day'), nightRole('night', 'night'), REST],
    shifts: [DAY_12, NIGHT_12],
    draws: [],
    minimums: [],
  },
  {
    code: 'dupont',
    nameZh: '杜邦 (十二小时, 四周一循环)',
    nameEn: 'DuPont, 12 hours',
    sources: [SCHEDULING_THEORY],
    // Four nights, three off, three days, one off, three nights, three off, four days, seven off.
    sequence: [
      ...repeat('night', 4),
      ...repeat('rest', 3),
      ...repeat('day', 3),
      ...repeat('rest', 1),
      ...repeat('night', 3),
      ...repeat('rest', 3),
      ...repeat('day', 4),
      ...repeat('rest', 7),
    ],
    platoons: platoons([0, 7, 14, 21]),
    roles: [dayRole('day', 'day'), nightRole('night', 'night'), REST],
    shifts: [DAY_12, NIGHT_12],
    draws: [],
    minimums: [],
  },
  {
    code: 'four-on-four-off',
    nameZh: '做四休四 (十二小时)',
    nameEn: '4-on-4-off, 12 hours',
    sources: [SCHEDULING_THEORY, SHIFT_LENGTH_EXPERIMENT],
    sequence: [...repeat('day', 4), ...repeat('rest', 4), ...repeat('night', 4), ...repeat('rest', 4)],
    platoons: platoons([0, 4, 8, 12]),
    roles: [dayRole('day', 'day'), nightRole('night', 'night'), REST],
    shifts: [DAY_12, NIGHT_12],
    draws: [],
    minimums: [],
  },
  {
    code: 'four-crews-three-shifts',
    nameZh: '四班三运转 (两早两中两夜两休)',
    nameEn: 'Four crews, three shifts',
    sources: [
      'Knauth P. (1996), Designing better shift systems, Applied Ergonomics 27(1): quick forward rotation of four crews',
    ],
    sequence: [...repeat('early', 2), ...repeat('late', 2), ...repeat('night', 2), ...repeat('rest', 2)],
    platoons: platoons([0, 2, 4, 6]),
    roles: [
      { code: 'early', nameZh: '早班', nameEn: 'Early', markZh: '早', markEn: 'E', shifts: ['early'] },
      { code: 'late', nameZh: '中班', nameEn: 'Late', markZh: '中', markEn: 'L', shifts: ['late'] },
      nightRole('night', 'night'),
      REST,
    ],
    shifts: [
      eight('early', '早班 06–14', 'Early 06–14', 6),
      eight('late', '中班 14–22', 'Late 14–22', 14),
      eight('night', '夜班 22–06', 'Night 22–06', 22),
    ],
    draws: [],
    minimums: [],
  },
]
