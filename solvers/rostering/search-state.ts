import type { Assignment } from './problem.ts'
import type { SearchTables } from './search-tables.ts'

/**
 * A roster in which every row keeps its own rules, at every moment. Only hard demands may be missed on the way; their
 * price is a weight that the search can raise. A change is proposed cell by cell, weighed, and then taken or dropped.
 */
export class RosterState {
  readonly rows: Assignment
  /** Objective without missed hard demands. */
  cost: number
  /** Weighted price of missed hard demands. */
  penalty = 0
  /** Hard demands missed. */
  missed = 0
  readonly tables: SearchTables
  readonly sums: Float64Array
  /** Price of one unit missed; of hard demands the weight of the search. */
  readonly underPrice: Float64Array
  readonly overPrice: Float64Array

  private readonly amounts: Int32Array
  private readonly weekendDays: Uint8Array
  private readonly weekendsWorked: Int32Array

  private changes = 0
  private readonly changedPlace: Int32Array
  private readonly changedFrom: Int16Array
  private resources = 0
  private readonly touchedResource: Int32Array
  private readonly isUsed: Uint8Array
  private readonly resourceDelta: Int32Array
  private demands = 0
  private readonly touchedDemand: Int32Array
  private readonly isTouched: Uint8Array
  private readonly demandDelta: Float64Array
  private costDelta = 0
  private penaltyDelta = 0
  private missedDelta = 0

  /** `rows`: every row has to keep its own rules already. */
  constructor(tables: SearchTables, rows: Assignment, hardWeight: number) {
    this.tables = tables
    this.rows = rows.slice()
    const { employees, days } = tables
    const demands = tables.low.length
    this.sums = new Float64Array(demands)
    this.amounts = new Int32Array(tables.resourceMin.length)
    this.weekendDays = new Uint8Array(employees * tables.weekends)
    this.weekendsWorked = new Int32Array(employees)
    this.changedPlace = new Int32Array(employees * days)
    this.changedFrom = new Int16Array(employees * days)
    this.touchedResource = new Int32Array(this.amounts.length)
    this.isUsed = new Uint8Array(this.amounts.length)
    this.resourceDelta = new Int32Array(this.amounts.length)
    this.touchedDemand = new Int32Array(demands)
    this.isTouched = new Uint8Array(demands)
    this.demandDelta = new Float64Array(demands)
    this.underPrice = tables.underCost.map((price) => (price === Infinity ? hardWeight : price))
    this.overPrice = tables.overCost.map((price) => (price === Infinity ? hardWeight : price))
    this.cost = 0
    this.recount()
  }

  get energy(): number {
    return this.cost + this.penalty
  }

  /** Makes the hard demands that are missed now dearer by a factor. */
  weighMissed(factor: number): void {
    if (this.missed === 0) return
    for (let demand = 0; demand < this.sums.length; demand++) {
      const sum = this.sums[demand]!
      if (!this.isHardSide(demand, sum)) continue
      const prices = sum < this.tables.low[demand]! ? this.underPrice : this.overPrice
      prices[demand]! *= factor
    }
    this.recount()
  }

  /** All sums anew from the rows: after weights have changed, and against drift of fractions. */
  recount(): void {
    const { tables, rows, sums, amounts } = this
    const { employees, days, shifts } = tables
    sums.fill(0)
    amounts.fill(0)
    this.weekendDays.fill(0)
    this.weekendsWorked.fill(0)
    let cost = tables.constant
    for (let place = 0; place < employees * days; place++) {
      const shift = rows[place]!
      const cell = tables.cellOf[place * shifts + shift]!
      cost += tables.cellCost[cell]!
      for (let i = tables.useStart[cell]!; i < tables.useStart[cell + 1]!; i++)
        amounts[tables.useResource[i]!]! += tables.useAmount[i]!
      for (let i = tables.giveStart[cell]!; i < tables.giveStart[cell + 1]!; i++)
        sums[tables.giveDemand[i]!]! += tables.giveAmount[i]!
      if (tables.isWork[shift] === 1) this.countWeekends(Math.floor(place / days), place % days, 1)
    }
    for (let r = 0; r < amounts.length; r++)
      if (tables.resourceCostAt[r]! >= 0)
        cost += tables.resourceCost[tables.resourceCostAt[r]! + amounts[r]!]!
    this.penalty = 0
    this.missed = 0
    for (let demand = 0; demand < sums.length; demand++) {
      const sum = sums[demand]!
      const isHard = this.isHardSide(demand, sum)
      const price = this.demandPrice(demand, sum)
      if (isHard) {
        this.penalty += price
        if (price > 0) this.missed++
      } else cost += price
    }
    this.cost = cost
  }

  /** Price of a demand at a sum; for hard ones the weighted miss. */
  demandPrice(demand: number, sum: number): number {
    const under = this.tables.low[demand]! - sum
    if (under > 1e-9) return under * this.underPrice[demand]!
    const over = sum - this.tables.high[demand]!
    return over > 1e-9 ? over * this.overPrice[demand]! : 0
  }

  /** What each allowed shift of an employee would add at demands, the other days and rows staying as they are. */
  marginalPrices(employee: number, prices: Float64Array): void {
    const { tables, rows, sums } = this
    const { days, shifts, placeStart, cellShift, giveStart, giveDemand, giveAmount } = tables
    for (let day = 0; day < days; day++) {
      const place = employee * days + day
      const own = tables.cellOf[place * shifts + rows[place]!]!
      for (let g = giveStart[own]!; g < giveStart[own + 1]!; g++) sums[giveDemand[g]!]! -= giveAmount[g]!
      for (let cell = placeStart[place]!; cell < placeStart[place + 1]!; cell++) {
        let price = 0
        for (let g = giveStart[cell]!; g < giveStart[cell + 1]!; g++) {
          const demand = giveDemand[g]!
          const sum = sums[demand]!
          price += this.demandPrice(demand, sum + giveAmount[g]!) - this.demandPrice(demand, sum)
        }
        prices[day * shifts + cellShift[cell]!] = price
      }
      for (let g = giveStart[own]!; g < giveStart[own + 1]!; g++) sums[giveDemand[g]!]! += giveAmount[g]!
    }
  }

  private isHardSide(demand: number, sum: number): boolean {
    const hardness = this.tables.hardness[demand]!
    if (hardness === 0) return false
    return sum < this.tables.low[demand]! - 1e-9
      ? (hardness & 1) !== 0
      : sum > this.tables.high[demand]! + 1e-9 && (hardness & 2) !== 0
  }

  private countWeekends(employee: number, day: number, step: 1 | -1): void {
    for (const weekend of this.tables.weekendsOfDay[day]!) {
      const at = employee * this.tables.weekends + weekend
      const before = this.weekendDays[at]!
      this.weekendDays[at] = before + step
      if (before === 0) this.weekendsWorked[employee]!++
      else if (before + step === 0) this.weekendsWorked[employee]!--
    }
  }

  /** Proposes a shift for a place; days of one employee in rising order. False: it may not stand there. */
  set(place: number, shift: number): boolean {
    const old = this.rows[place]!
    if (old === shift) return true
    if (this.tables.cellOf[place * this.tables.shifts + shift]! < 0) return false
    this.changedPlace[this.changes] = place
    this.changedFrom[this.changes++] = old
    this.rows[place] = shift
    return true
  }

  /** What the proposal weighed last adds to the objective, missed hard demands aside. */
  get weighedCost(): number {
    return this.costDelta
  }

  get isChanged(): boolean {
    return this.changes > 0
  }

  /** What the proposal adds to the energy; Infinity: a row would break its rules. */
  weigh(): number {
    const { tables, rows, changedPlace, changedFrom, changes } = this
    const { days, shifts } = tables
    for (let i = 0; i < changes;) {
      const first = changedPlace[i]!
      let last = first
      i++
      while (i < changes && changedPlace[i] === last + 1 && (last + 1) % days !== 0) {
        last++
        i++
      }
      if (!this.keepsRuns(first, last)) return Infinity
    }
    let cost = 0
    for (let i = 0; i < changes; i++) {
      const place = changedPlace[i]!
      const gone = tables.cellOf[place * shifts + changedFrom[i]!]!
      const come = tables.cellOf[place * shifts + rows[place]!]!
      cost += tables.cellCost[come]! - tables.cellCost[gone]!
      for (let u = tables.useStart[gone]!; u < tables.useStart[gone + 1]!; u++)
        this.touchResource(tables.useResource[u]!, -tables.useAmount[u]!)
      for (let u = tables.useStart[come]!; u < tables.useStart[come + 1]!; u++)
        this.touchResource(tables.useResource[u]!, tables.useAmount[u]!)
    }
    for (let i = 0; i < this.resources; i++) {
      const r = this.touchedResource[i]!
      const before = this.amounts[r]!
      const after = before + this.resourceDelta[r]!
      if (after === before) continue
      if (after < tables.resourceMin[r]! || after > tables.resourceMax[r]!) return Infinity
      const at = tables.resourceCostAt[r]!
      if (at >= 0) cost += tables.resourceCost[at + after]! - tables.resourceCost[at + before]!
    }
    if (tables.weekends > 0 && !this.keepsWeekends()) return Infinity
    for (let i = 0; i < changes; i++) {
      const place = changedPlace[i]!
      const gone = tables.cellOf[place * shifts + changedFrom[i]!]!
      const come = tables.cellOf[place * shifts + rows[place]!]!
      for (let g = tables.giveStart[gone]!; g < tables.giveStart[gone + 1]!; g++)
        this.touchDemand(tables.giveDemand[g]!, -tables.giveAmount[g]!)
      for (let g = tables.giveStart[come]!; g < tables.giveStart[come + 1]!; g++)
        this.touchDemand(tables.giveDemand[g]!, tables.giveAmount[g]!)
    }
    let penalty = 0
    let missed = 0
    for (let i = 0; i < this.demands; i++) {
      const demand = this.touchedDemand[i]!
      const before = this.sums[demand]!
      const after = before + this.demandDelta[demand]!
      const gone = this.demandPrice(demand, before)
      const come = this.demandPrice(demand, after)
      if (tables.hardness[demand] === 0) {
        cost += come - gone
        continue
      }
      if (gone > 0)
        if (this.isHardSide(demand, before)) {
          penalty -= gone
          missed--
        } else cost -= gone
      if (come > 0)
        if (this.isHardSide(demand, after)) {
          penalty += come
          missed++
        } else cost += come
    }
    this.costDelta = cost
    this.penaltyDelta = penalty
    this.missedDelta = missed
    return cost + penalty
  }

  take(): void {
    for (let i = 0; i < this.resources; i++) {
      const r = this.touchedResource[i]!
      this.amounts[r]! += this.resourceDelta[r]!
    }
    for (let i = 0; i < this.demands; i++) {
      const demand = this.touchedDemand[i]!
      this.sums[demand]! += this.demandDelta[demand]!
    }
    if (this.tables.weekends > 0) this.countChangedWeekends(1)
    this.cost += this.costDelta
    this.penalty += this.penaltyDelta
    this.missed += this.missedDelta
    this.clear()
  }

  drop(): void {
    for (let i = this.changes - 1; i >= 0; i--) this.rows[this.changedPlace[i]!] = this.changedFrom[i]!
    this.clear()
  }

  private clear(): void {
    for (let i = 0; i < this.resources; i++) {
      const r = this.touchedResource[i]!
      this.resourceDelta[r] = 0
      this.isUsed[r] = 0
    }
    for (let i = 0; i < this.demands; i++) {
      const demand = this.touchedDemand[i]!
      this.demandDelta[demand] = 0
      this.isTouched[demand] = 0
    }
    this.resources = 0
    this.demands = 0
    this.changes = 0
  }

  private touchResource(r: number, amount: number): void {
    if (this.isUsed[r] === 0) {
      this.isUsed[r] = 1
      this.touchedResource[this.resources++] = r
    }
    this.resourceDelta[r]! += amount
  }

  private touchDemand(demand: number, amount: number): void {
    if (this.isTouched[demand] === 0) {
      this.isTouched[demand] = 1
      this.touchedDemand[this.demands++] = demand
    }
    this.demandDelta[demand]! += amount
  }

  /** Rests and runs around the changed days `first` to `last` of one row. */
  private keepsRuns(first: number, last: number): boolean {
    const { rows, tables } = this
    const { days, shifts, isWork, isForbidden } = tables
    const employee = Math.floor(first / days)
    const start = employee * days
    const end = start + days
    const past = tables.past[employee]!
    let before = first > start ? rows[first - 1]! : past.last
    for (let place = first; place <= last + 1 && place < end; place++) {
      if (before >= 0 && isForbidden[before * shifts + rows[place]!] === 1) return false
      before = rows[place]!
    }
    if (tables.hasForbiddenLate)
      for (let place = first; place <= last + 2 && place < end; place++) {
        const earlier =
          place - 2 >= start ? rows[place - 2]! : place - 2 === start - 1 ? past.last : past.beforeLast
        if (earlier >= 0 && tables.isForbiddenLate[earlier * shifts + rows[place]!] === 1) return false
      }
    const most = tables.maxWork[employee]!
    let from = first
    if (from > start) {
      from--
      const kind = isWork[rows[from]!]!
      while (from > start && isWork[rows[from - 1]!] === kind) from--
    }
    while (from < end && from <= last + 1) {
      const kind = isWork[rows[from]!]!
      let until = from + 1
      while (until < end && isWork[rows[until]!] === kind) until++
      let length = until - from
      let isLongEnough = until === end
      if (from === start) {
        if (past.last < 0) isLongEnough = true
        else if (isWork[past.last] === kind) {
          length += past.run
          isLongEnough ||= past.isLongEnough
        } else if (!past.isLongEnough && past.run < (kind === 1 ? tables.minOff : tables.minWork)[employee]!)
          return false
      }
      if (kind === 1 && length > most) return false
      if (!isLongEnough && length < (kind === 1 ? tables.minWork : tables.minOff)[employee]!) return false
      from = until
    }
    return true
  }

  private keepsWeekends(): boolean {
    this.countChangedWeekends(1)
    let isKept = true
    for (let i = 0; i < this.changes && isKept; i++) {
      const employee = Math.floor(this.changedPlace[i]! / this.tables.days)
      isKept = this.weekendsWorked[employee]! <= this.tables.maxWeekends[employee]!
    }
    this.countChangedWeekends(-1)
    return isKept
  }

  private countChangedWeekends(direction: 1 | -1): void {
    const { tables, rows, changedPlace, changedFrom } = this
    for (let i = 0; i < this.changes; i++) {
      const place = changedPlace[i]!
      const step = tables.isWork[rows[place]!]! - tables.isWork[changedFrom[i]!]!
      if (step === 0) continue
      const employee = Math.floor(place / tables.days)
      this.countWeekends(employee, place - employee * tables.days, (step * direction) as 1 | -1)
    }
  }
}
