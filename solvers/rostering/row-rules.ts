import type { RosteringProblem, SolverEmployee } from './problem.ts'
import { automata, type RowAutomaton } from './row-automaton.ts'

/**
 * The rules and own prices of one employee's row, laid out for speed. Rules of runs and rests are the automaton; all
 * that is counted over many days (minutes in a window, weekends, counts) is a resource with a least and a most.
 */
export interface RowRules {
  readonly days: number
  readonly shifts: number
  readonly automaton: RowAutomaton
  readonly start: number
  /** Allowed shifts: those of day `d` are `cellStart[d]` to `cellStart[d + 1]`. */
  readonly cellStart: Int32Array
  readonly cellShift: Int16Array
  readonly cellCost: Float64Array
  /** Shifts of the same kind differ in price only. */
  readonly cellKind: Int16Array
  readonly kinds: number
  readonly kindType: Int16Array
  /** What a cell adds to resources: `incrementStart[cell]` to `incrementStart[cell + 1]`. */
  readonly incrementStart: Int32Array
  readonly incrementResource: Int16Array
  readonly incrementAmount: Int32Array
  readonly resources: readonly RowResource[]
  /** Index of the resource that counts weekends; -1: it does not bind. */
  readonly weekendResource: number
  /** By day: 1 first day of a weekend, 2 its second (counts if the first was off), 3 day of a longer one, 0 else. */
  readonly weekendDay: Uint8Array
  /** For days of longer or torn weekends: the resource that remembers whether it has been worked; -1 else. */
  readonly weekendMemory: Int16Array
  /** Days of the weekend that the day belongs to. */
  readonly weekendSize: Uint8Array
  /** Resources whose last day is that day. */
  readonly closing: readonly (readonly number[])[]
  /** Resources that have begun and are still open after that day. */
  readonly open: readonly (readonly number[])[]
}

export interface RowResource {
  readonly min: number
  readonly max: number
  /** Price by amount, from 0 to `max`; null: none. */
  readonly cost: Float64Array | null
  /** A smaller amount leaves no higher price to come. */
  readonly isConvex: boolean
  /** The usual size of a step. */
  readonly scale: number
  readonly firstDay: number
  readonly lastDay: number
  /** Most and least that can still be added from a day on, by `(day - firstDay) * nodes + node`; -1: no way. */
  readonly most: Int32Array
  readonly least: Int32Array
}

const known = new WeakMap<RosteringProblem, (RowRules | undefined)[]>()
const knownAutomata = new WeakMap<RosteringProblem, readonly RowAutomaton[]>()

/** The rules of an employee's row; made once for each problem. */
export function rowRules(problem: RosteringProblem, employee: number): RowRules {
  let rows = known.get(problem)
  if (!rows) known.set(problem, (rows = []))
  return (rows[employee] ??= rulesOf(problem, employee))
}

function automatonOf(problem: RosteringProblem, employee: number): RowAutomaton {
  let list = knownAutomata.get(problem)
  if (!list) knownAutomata.set(problem, (list = automata(problem)))
  return list.find((automaton) => automaton.startOf[employee]! >= 0)!
}

interface Draft {
  readonly min: number
  readonly max: number
  readonly isMemory?: boolean
  /** Where `amount` does not tell: days on which it may grow by one. */
  readonly growsOn?: readonly number[]
  readonly cost: readonly number[] | null
  readonly firstDay: number
  readonly lastDay: number
  readonly amount: (day: number, shift: number) => number
}

function rulesOf(problem: RosteringProblem, e: number): RowRules {
  const employee = problem.employees[e]!
  const automaton = automatonOf(problem, e)
  const { days } = problem
  const never = neverAllowed(employee)
  const domain = employee.domain.map((list, day) => list.filter((shift) => !never(day, shift)))
  const drafts = [...windowsOf(problem, employee), ...countsOf(employee, domain)].filter((draft) =>
    isFelt(draft, domain),
  )
  const weekends = weekendsOf(problem, employee, domain)
  const weekendResource = weekends.isCounted ? drafts.length : -1
  drafts.push(...weekends.drafts)

  const cellStart = new Int32Array(days + 1)
  const cellShift: number[] = []
  const cellKind: number[] = []
  const kindOf = new Map<string, number>()
  const kindType: number[] = []
  const incrementStart = [0]
  const incrementResource: number[] = []
  const incrementAmount: number[] = []
  const signatures = problem.shifts.map((shift, s) =>
    [
      automaton.typeOf[s],
      shift.workMinutes,
      ...employee.counts.map((count) => (count.shifts.includes(s) ? 1 : 0)),
    ].join(),
  )
  for (let day = 0; day < days; day++) {
    const alive = drafts.flatMap((draft, r) => (draft.firstDay <= day && day <= draft.lastDay ? [r] : []))
    for (const shift of domain[day]!) {
      const signature = signatures[shift]!
      let kind = kindOf.get(signature)
      if (kind === undefined) {
        kindOf.set(signature, (kind = kindType.length))
        kindType.push(automaton.typeOf[shift]!)
      }
      cellShift.push(shift)
      cellKind.push(kind)
      for (const r of alive) {
        const amount = drafts[r]!.amount(day, shift)
        if (amount === 0) continue
        incrementResource.push(r)
        incrementAmount.push(amount)
      }
      incrementStart.push(incrementResource.length)
    }
    cellStart[day + 1] = cellShift.length
  }
  const cellCost = new Float64Array(cellShift.length)
  for (const { day, shift, cost } of employee.cellCosts)
    for (let cell = cellStart[day]!; cell < cellStart[day + 1]!; cell++)
      if (cellShift[cell] === shift) cellCost[cell]! += cost
  const resources = drafts.map((draft) => resourceOf(draft, domain, automaton))
  return {
    days,
    shifts: problem.shifts.length,
    automaton,
    start: automaton.startOf[e]!,
    cellStart,
    cellShift: Int16Array.from(cellShift),
    cellCost,
    cellKind: Int16Array.from(cellKind),
    kinds: kindType.length,
    kindType: Int16Array.from(kindType),
    incrementStart: Int32Array.from(incrementStart),
    incrementResource: Int16Array.from(incrementResource),
    incrementAmount: Int32Array.from(incrementAmount),
    resources,
    weekendResource,
    weekendDay: weekends.weekendDay,
    weekendMemory: weekends.memory.map((m) => (m < 0 ? -1 : m + weekendResource)),
    weekendSize: weekends.weekendSize,
    closing: byDay(days, (day) => resources.flatMap((one, r) => (one.lastDay === day ? [r] : []))),
    open: byDay(days, (day) =>
      resources.flatMap((one, r) => (one.firstDay <= day && day < one.lastDay ? [r] : [])),
    ),
  }
}

const byDay = <T>(days: number, make: (day: number) => T) =>
  Array.from({ length: days }, (_, day) => make(day))

/** Shifts of a count with the limit 0 are no choice at all. */
function neverAllowed(employee: SolverEmployee): (day: number, shift: number) => boolean {
  const bans = employee.counts.filter((count) => count.max <= 0)
  return (day, shift) =>
    bans.some((count) => count.shifts.includes(shift) && (count.days === null || count.days.includes(day)))
}

function windowsOf(problem: RosteringProblem, employee: SolverEmployee): Draft[] {
  const unit = problem.shifts.reduce((divisor, shift) => greatestCommon(divisor, shift.workMinutes), 0) || 1
  return employee.windows.map((window) => ({
    min: Math.max(0, Math.ceil(window.minMinutes / unit)),
    max: Math.floor(window.maxMinutes / unit),
    cost: null,
    firstDay: Math.max(0, window.fromDay),
    lastDay: Math.min(problem.days, window.untilDay) - 1,
    amount: (_day, shift) => problem.shifts[shift]!.workMinutes / unit,
  }))
}

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b))

function countsOf(employee: SolverEmployee, domain: readonly (readonly number[])[]): Draft[] {
  return employee.counts.flatMap((count) => {
    const shifts = new Set(count.shifts)
    const wanted = count.days === null ? null : new Set(count.days)
    const touched = domain.flatMap((list, day) =>
      (wanted === null || wanted.has(day)) && list.some((shift) => shifts.has(shift)) ? [day] : [],
    )
    const most = touched.length
    const cost = count.cost
    return [
      {
        min: count.min,
        max: Math.min(count.max, most),
        cost:
          cost === null
            ? null
            : Array.from({ length: most + 1 }, (_, n) => cost[Math.min(n, cost.length - 1)]!),
        firstDay: touched[0] ?? 0,
        lastDay: touched.at(-1) ?? 0,
        amount: (day: number, shift: number) =>
          shifts.has(shift) && (wanted === null || wanted.has(day)) ? 1 : 0,
      },
    ]
  })
}

/** Whether any allowed row can break it or pay for it. */
function isFelt(draft: Draft, domain: readonly (readonly number[])[]): boolean {
  if (draft.cost?.some((price) => price !== 0)) return true
  let most = 0
  let sure = 0
  for (let day = draft.firstDay; day <= draft.lastDay; day++) {
    const amounts = domain[day]!.map((shift) => draft.amount(day, shift))
    most += Math.max(0, ...amounts)
    sure += amounts.length > 0 ? Math.min(...amounts) : 0
  }
  return most > draft.max || sure < draft.min
}

interface Weekends {
  readonly isCounted: boolean
  readonly weekendDay: Uint8Array
  readonly weekendSize: Uint8Array
  /** Place of its memory behind the count of weekends. */
  readonly memory: Int16Array
  readonly drafts: readonly Draft[]
}

/**
 * A weekend counts on its first day worked. For one or two days in a row the node before the day tells whether that is
 * it; longer or torn ones need a memory each.
 */
function weekendsOf(
  problem: RosteringProblem,
  employee: SolverEmployee,
  domain: readonly (readonly number[])[],
): Weekends {
  const weekendDay = new Uint8Array(problem.days)
  const weekendSize = new Uint8Array(problem.days)
  const memory = new Int16Array(problem.days).fill(-1)
  const canWork = (day: number) => domain[day]!.some((shift) => problem.shifts[shift]!.isWork)
  const weekends = problem.weekends
    .filter((set) => set.some(canWork))
    .map((set) => [...set].sort((a, b) => a - b))
  const most = employee.maxWeekends
  if (most === null || weekends.length <= most)
    return { isCounted: false, weekendDay, weekendSize, memory, drafts: [] }
  const all = weekends.flat()
  const counted = { min: 0, max: most, cost: null, firstDay: Math.min(...all), lastDay: Math.max(...all) }
  const drafts: Draft[] = [{ ...counted, growsOn: weekends.map((set) => set.at(-1)!), amount: () => 0 }]
  for (const set of weekends) {
    const isPlain = set.length === 1 || (set.length === 2 && set[1] === set[0]! + 1)
    if (!isPlain)
      drafts.push({
        min: 0,
        max: 1,
        cost: null,
        isMemory: true,
        firstDay: set[0]!,
        lastDay: set.at(-1)!,
        amount: () => 0,
      })
    set.forEach((day, place) => {
      weekendDay[day] = isPlain ? place + 1 : 3
      weekendSize[day] = set.length
      if (!isPlain) memory[day] = drafts.length - 1
    })
  }
  return { isCounted: true, weekendDay, weekendSize, memory, drafts }
}

function resourceOf(
  draft: Draft,
  domain: readonly (readonly number[])[],
  automaton: RowAutomaton,
): RowResource {
  const { firstDay, lastDay } = draft
  let scale = 1
  for (let day = firstDay; day <= lastDay; day++)
    for (const shift of domain[day]!) scale = Math.max(scale, draft.amount(day, shift))
  const cost = draft.cost === null ? null : Float64Array.from(draft.cost)
  const reach = reachOf(draft, domain, automaton)
  if (draft.growsOn)
    reach.most.forEach((most, place) => {
      const day = firstDay + Math.floor(place / automaton.nodes)
      if (most >= 0) reach.most[place] = draft.growsOn!.filter((other) => other >= day).length
    })
  return {
    min: draft.min,
    // nothing above what a row can reach; a limit without end has to become a number
    max: Number.isFinite(draft.max) ? draft.max : scale * (lastDay - firstDay + 1),
    cost,
    isConvex:
      draft.isMemory !== true &&
      (cost === null || cost.every((price, n) => n < 2 || price - 2 * cost[n - 1]! + cost[n - 2]! > -1e-9)),
    scale,
    firstDay,
    lastDay,
    ...reach,
  }
}

/** What the automaton alone lets a row add to a resource from each day and node on. */
function reachOf(
  draft: Draft,
  domain: readonly (readonly number[])[],
  automaton: RowAutomaton,
): { most: Int32Array; least: Int32Array } {
  const { nodes, types, next, typeOf } = automaton
  const { firstDay, lastDay } = draft
  const length = lastDay - firstDay + 1
  const most = new Int32Array((length + 1) * nodes)
  const least = new Int32Array((length + 1) * nodes)
  const high = new Int32Array(types)
  const low = new Int32Array(types)
  for (let d = length - 1; d >= 0; d--) {
    high.fill(-1)
    low.fill(0x3fffffff)
    for (const shift of domain[firstDay + d]!) {
      const amount = draft.amount(firstDay + d, shift)
      const type = typeOf[shift]!
      if (amount > high[type]!) high[type] = amount
      if (amount < low[type]!) low[type] = amount
    }
    for (let node = 0; node < nodes; node++) {
      let up = -1
      let down = 0x3fffffff
      for (let type = 0; type < types; type++) {
        const to = next[node * types + type]!
        if (to < 0 || high[type]! < 0) continue
        const after = (d + 1) * nodes + to
        if (most[after]! < 0) continue
        if (high[type]! + most[after]! > up) up = high[type]! + most[after]!
        if (low[type]! + least[after]! < down) down = low[type]! + least[after]!
      }
      most[d * nodes + node] = up
      least[d * nodes + node] = down
    }
  }
  return { most, least }
}
