import type { WrittenShift } from './problem-of-instance.ts'

/** What the text of an instance says of a written roster: its cost, and in words what it breaks. */
export interface WrittenAudit {
  readonly objective: number
  readonly breaches: readonly string[]
}

/**
 * Audits a written roster against the text of its instance. Written apart from the reader, from `RosteringProblem` and
 * from its checker, line of the file by line of the file, so that one misreading cannot hide in both. Rules as published
 * with the set (Curtois and Qu 2014, «Computational results on new staff scheduling benchmark instances»): runs at the
 * ends of the horizon go on outside it, so that no minimum is asked of them; a weekend is worked when either day is.
 */
export function checkWrittenRoster(text: string, roster: readonly WrittenShift[]): WrittenAudit {
  const breaches: string[] = []
  const horizon = Number(sectionOf(text, 'HORIZON')[0]![0])
  const minutesOf: Record<string, number> = {}
  const forbidden = new Set<string>()
  for (const [id, minutes, after] of sectionOf(text, 'SHIFTS')) {
    minutesOf[id!] = Number(minutes)
    for (const next of (after ?? '').split('|')) forbidden.add(`${id}>${next}`)
  }
  const staff = sectionOf(text, 'STAFF')
  const given: Record<string, string[]> = {}
  for (const [id] of staff) given[id!] = new Array<string>(horizon).fill('')
  for (const { employee, day, shift } of roster) {
    const row = given[employee]
    if (!row || !(shift in minutesOf) || !(Number.isInteger(day) && day >= 0 && day < horizon))
      breaches.push(`${employee} ${day} ${shift}: not of this instance`)
    else if (row[day] !== '') breaches.push(`${employee} ${day}: two shifts`)
    else row[day] = shift
  }

  for (const [id, maxShifts, maxMinutes, minMinutes, maxRun, minRun, minOff, maxWeekends] of staff) {
    const row = given[id!]!
    for (const limit of maxShifts!.split('|')) {
      const [shift, most] = limit.split('=')
      const times = row.filter((worked) => worked === shift).length
      if (times > Number(most)) breaches.push(`${id}: ${shift} ${times} times`)
    }
    let minutes = 0
    for (const shift of row) minutes += shift === '' ? 0 : minutesOf[shift]!
    if (minutes > Number(maxMinutes) || minutes < Number(minMinutes))
      breaches.push(`${id}: ${minutes} minutes`)
    for (let day = 1; day < horizon; day++)
      if (forbidden.has(`${row[day - 1]}>${row[day]}`) && row[day] !== '')
        breaches.push(`${id} ${day}: ${row[day]} after ${row[day - 1]}`)

    // One letter a day, so that runs can be read off as words.
    const letters = row.map((shift) => (shift === '' ? '-' : 'W')).join('')
    for (const { 0: run, index } of letters.matchAll(/W+|-+/g)) {
      const inside = index > 0 && index + run.length < horizon
      if (run.startsWith('W') && run.length > Number(maxRun))
        breaches.push(`${id} ${index}: ${run.length} days in a row`)
      if (run.startsWith('W') && inside && run.length < Number(minRun))
        breaches.push(`${id} ${index}: only ${run.length} days in a row`)
      if (run.startsWith('-') && inside && run.length < Number(minOff))
        breaches.push(`${id} ${index}: only ${run.length} days off`)
    }
    const worked = (letters.match(/.{1,7}/g) ?? []).filter((week) => week.slice(5).includes('W')).length
    if (worked > Number(maxWeekends)) breaches.push(`${id}: ${worked} weekends`)
  }
  for (const [id, ...days] of sectionOf(text, 'DAYS_OFF'))
    for (const day of days)
      if (day !== '' && given[id!]![Number(day)] !== '') breaches.push(`${id} ${day}: works on a day off`)

  let objective = 0
  for (const [id, day, shift, weight] of sectionOf(text, 'SHIFT_ON_REQUESTS'))
    if (given[id!]![Number(day)] !== shift) objective += Number(weight)
  for (const [id, day, shift, weight] of sectionOf(text, 'SHIFT_OFF_REQUESTS'))
    if (given[id!]![Number(day)] === shift) objective += Number(weight)
  for (const [day, shift, requirement, under, over] of sectionOf(text, 'COVER')) {
    let present = 0
    for (const row of Object.values(given)) if (row[Number(day)] === shift) present++
    const missing = Number(requirement) - present
    objective += missing > 0 ? missing * Number(under) : -missing * Number(over)
  }
  return { objective, breaches }
}

/** The lines of one section as fields. */
function sectionOf(text: string, name: string): string[][] {
  const [, after = ''] = text.split(new RegExp(`^SECTION_${name}\\s*$`, 'm'))
  return after
    .split(/^SECTION_/m)[0]!
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
}
