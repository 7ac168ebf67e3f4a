/**
 * Reads the text format of the Employee Shift Scheduling Benchmark Data Sets (Curtois and Qu, 2014): sections of lines
 * with fields between commas, `#` before comments. Days count from 0; day 0 is a Monday.
 */
export interface Instance {
  readonly days: number
  readonly shifts: readonly InstanceShift[]
  readonly staff: readonly InstanceEmployee[]
  readonly onRequests: readonly InstanceRequest[]
  readonly offRequests: readonly InstanceRequest[]
  readonly cover: readonly InstanceCover[]
}

export interface InstanceShift {
  readonly id: string
  readonly minutes: number
  /** Shifts that may not stand on the day after. */
  readonly cannotPrecede: readonly string[]
}

export interface InstanceEmployee {
  readonly id: string
  /** Most shifts of each kind; what is not named has no limit. */
  readonly maxShifts: ReadonlyMap<string, number>
  readonly maxTotalMinutes: number
  readonly minTotalMinutes: number
  readonly maxConsecutiveShifts: number
  readonly minConsecutiveShifts: number
  readonly minConsecutiveDaysOff: number
  readonly maxWeekends: number
  readonly daysOff: readonly number[]
}

export interface InstanceRequest {
  readonly employee: string
  readonly day: number
  readonly shift: string
  readonly weight: number
}

export interface InstanceCover {
  readonly day: number
  readonly shift: string
  readonly requirement: number
  readonly underWeight: number
  readonly overWeight: number
}

/** Where a file is damaged. `line` counts from 1; null where something is missing as a whole. */
export interface InstanceFault {
  readonly line: number | null
  readonly cause:
    | 'section-missing'
    | 'section-unknown'
    | 'section-twice'
    | 'outside-sections'
    | 'too-few-fields'
    | 'not-a-number'
    | 'horizon'
    | 'day-outside'
    | 'shift-unknown'
    | 'employee-unknown'
    | 'twice'
  /** The text that is wrong. */
  readonly value: string
}

const SECTIONS = [
  'SECTION_HORIZON',
  'SECTION_SHIFTS',
  'SECTION_STAFF',
  'SECTION_DAYS_OFF',
  'SECTION_SHIFT_ON_REQUESTS',
  'SECTION_SHIFT_OFF_REQUESTS',
  'SECTION_COVER',
] as const
type Section = (typeof SECTIONS)[number]
/** A file without wishes is whole. */
const NEEDED: readonly Section[] = ['SECTION_HORIZON', 'SECTION_SHIFTS', 'SECTION_STAFF', 'SECTION_COVER']
/** Ten years: a longer horizon is a slip, and would take all memory. */
const LONGEST_HORIZON = 3_660

interface Line {
  readonly number: number
  readonly fields: readonly string[]
}

/** The instance, or every fault found in the text, in order of lines. */
export function readInstance(text: string): Instance | { readonly faults: readonly InstanceFault[] } {
  const faults: InstanceFault[] = []
  const sections = partSections(text, faults)
  for (const section of NEEDED)
    if (!sections.get(section)?.length) faults.push({ line: null, cause: 'section-missing', value: section })
  if (faults.length > 0) return { faults }
  const linesOf = (section: Section) => sections.get(section) ?? []
  const fault = (line: Line, cause: InstanceFault['cause'], value: string) => {
    faults.push({ line: line.number, cause, value })
  }

  /** A whole number from 0. */
  const numberIn = (line: Line, field: number): number => {
    const value = line.fields[field] ?? ''
    if (!/^\d{1,9}$/.test(value)) fault(line, value === '' ? 'too-few-fields' : 'not-a-number', value)
    return Number(value)
  }
  const [horizon] = linesOf('SECTION_HORIZON')
  const days = numberIn(horizon!, 0)
  if (!(days >= 1 && days <= LONGEST_HORIZON)) fault(horizon!, 'horizon', horizon!.fields[0]!)
  if (faults.length > 0) return { faults }

  const shiftIds = new Set(linesOf('SECTION_SHIFTS').map(({ fields }) => fields[0]!))
  const staffIds = new Set(linesOf('SECTION_STAFF').map(({ fields }) => fields[0]!))
  const dayIn = (line: Line, field: number): number => {
    const day = numberIn(line, field)
    if (day >= days) fault(line, 'day-outside', line.fields[field]!)
    return day
  }
  const idIn = (line: Line, field: number, known: ReadonlySet<string>, cause: InstanceFault['cause']) => {
    const id = line.fields[field] ?? ''
    if (id === '') fault(line, 'too-few-fields', line.fields.join(','))
    else if (!known.has(id)) fault(line, cause, id)
    return id
  }
  const shiftIn = (line: Line, field: number) => idIn(line, field, shiftIds, 'shift-unknown')
  const employeeIn = (line: Line) => idIn(line, 0, staffIds, 'employee-unknown')
  /** Keeps the first line of each key and reports the others. */
  const once = (lines: readonly Line[], keyOf: (line: Line) => string) => {
    const seen = new Set<string>()
    return lines.filter((line) => {
      const key = keyOf(line)
      if (seen.has(key)) fault(line, 'twice', key)
      return !seen.has(key) && seen.add(key)
    })
  }
  const byId = (line: Line) => line.fields[0]!
  const knownShifts = (line: Line, text: string) =>
    text
      .split('|')
      .map((id) => id.trim())
      .filter((id) => id !== '')
      .map((id) => {
        if (!shiftIds.has(id)) fault(line, 'shift-unknown', id)
        return id
      })

  const shifts = once(linesOf('SECTION_SHIFTS'), byId).map((line) => ({
    id: line.fields[0]!,
    minutes: numberIn(line, 1),
    cannotPrecede: knownShifts(line, line.fields[2] ?? ''),
  }))

  const daysOff = new Map<string, number[]>()
  for (const line of linesOf('SECTION_DAYS_OFF')) {
    const employee = employeeIn(line)
    const off = line.fields.slice(1).flatMap((text, i) => (text === '' ? [] : [dayIn(line, i + 1)]))
    daysOff.set(employee, [...(daysOff.get(employee) ?? []), ...off])
  }
  const staff = once(linesOf('SECTION_STAFF'), byId).map((line) => ({
    id: line.fields[0]!,
    maxShifts: new Map(
      (line.fields[1] ?? '')
        .split('|')
        .filter((limit) => limit !== '')
        .map((limit): [string, number] => {
          const [id = '', most = ''] = limit.split('=').map((part) => part.trim())
          if (!shiftIds.has(id)) fault(line, 'shift-unknown', id)
          if (!/^\d{1,9}$/.test(most)) fault(line, 'not-a-number', limit)
          return [id, Number(most)]
        }),
    ),
    maxTotalMinutes: numberIn(line, 2),
    minTotalMinutes: numberIn(line, 3),
    maxConsecutiveShifts: numberIn(line, 4),
    minConsecutiveShifts: numberIn(line, 5),
    minConsecutiveDaysOff: numberIn(line, 6),
    maxWeekends: numberIn(line, 7),
    daysOff: daysOff.get(line.fields[0]!) ?? [],
  }))

  const requestsIn = (section: Section): InstanceRequest[] =>
    linesOf(section).map((line) => ({
      employee: employeeIn(line),
      day: dayIn(line, 1),
      shift: shiftIn(line, 2),
      weight: numberIn(line, 3),
    }))
  const onRequests = requestsIn('SECTION_SHIFT_ON_REQUESTS')
  const offRequests = requestsIn('SECTION_SHIFT_OFF_REQUESTS')
  const cover = once(linesOf('SECTION_COVER'), ({ fields }) => `${fields[0]},${fields[1]}`).map((line) => ({
    day: dayIn(line, 0),
    shift: shiftIn(line, 1),
    requirement: numberIn(line, 2),
    underWeight: numberIn(line, 3),
    overWeight: numberIn(line, 4),
  }))
  if (faults.length > 0) return { faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
  return { days, shifts, staff, onRequests, offRequests, cover }
}

function partSections(text: string, faults: InstanceFault[]): Map<Section, Line[]> {
  const sections = new Map<Section, Line[]>()
  let current: Line[] | null = null
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((raw, i) => {
      const content = raw.trim()
      if (content === '' || content.startsWith('#')) return
      if (content.startsWith('SECTION_')) {
        const section = SECTIONS.find((name) => name === content)
        if (!section) faults.push({ line: i + 1, cause: 'section-unknown', value: content })
        else if (sections.has(section)) faults.push({ line: i + 1, cause: 'section-twice', value: content })
        current = []
        if (section && !sections.has(section)) sections.set(section, current)
        return
      }
      if (current === null) {
        if (faults.length === 0) faults.push({ line: i + 1, cause: 'outside-sections', value: content })
        return
      }
      current.push({ number: i + 1, fields: content.split(',').map((field) => field.trim()) })
    })
  return sections
}
