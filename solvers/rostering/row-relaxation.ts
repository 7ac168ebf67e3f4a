import type { RowRules } from './row-rules.ts'

/**
 * A lower bound of a row and of every end of it: what is counted over many days is not held but paid for by a
 * multiplier, so that the automaton alone decides and one pass back over the days gives the least cost to go. The
 * multipliers are bettered by subgradient steps (Polyak's length).
 */
export interface Relaxation {
  /** No allowed row costs less. */
  bound: number
  /** Least relaxed cost from a day and node on, by `day * nodes + node`; Infinity: no way. */
  readonly toGo: Float64Array
  /** The cheapest cell of each kind: those of day `d` are `pickStart[d]` to `pickStart[d + 1]`. */
  readonly pickStart: Int32Array
  readonly pickCell: Int32Array
  readonly pickPrice: Float64Array
  /** The best allowed row met on the way. */
  row: Int16Array | null
  cost: number
  /** What resource `r` still charges at least, less what the relaxed prices charge for it, from `amount` on. */
  potential(r: number, amount: number): number
  multiplier(r: number): number
  /** More steps towards a bound of `upper`. */
  improve(upper: number, steps: number): void
}

/** Multipliers that served an employee before: they make the next call's bound good from the start. */
export type RowMemory = Map<number, Float64Array>

export interface RelaxOptions {
  readonly cutoff?: number
  readonly keep?: { readonly row: Int16Array; readonly fromDay: number; readonly untilDay: number }
  readonly steps?: number
}

const STEPS_COLD = 20
const STEPS_WARM = 6
const TOLERANCE = 1e-7

/** Null: the automaton and the domains alone leave no row. `multipliers` is read and written. */
export function relaxRow(
  rules: RowRules,
  prices: Float64Array,
  options: RelaxOptions,
  multipliers: Float64Array | null,
): Relaxation | null {
  const { automaton, days, resources, weekendResource, weekendDay, weekendSize } = rules
  const { nodes, types, next, worked, isWorkType } = automaton
  const count = resources.length
  const picks = cheapestOfKinds(rules, prices, options.keep)
  const { pickStart, pickCell, pickPrice } = picks

  const toGo = new Float64Array((days + 1) * nodes)
  const typeStart = new Int32Array(days + 1)
  const dayType = new Int16Array(pickCell.length)
  const dayPick = new Int32Array(pickCell.length)
  const priceIfRested = new Float64Array(pickCell.length)
  const priceIfWorked = new Float64Array(pickCell.length)
  const slotOfType = new Int32Array(types)

  let nu = multipliers?.slice() ?? new Float64Array(count)
  const tables: (Float64Array | null)[] = resources.map((one) =>
    one.cost === null ? null : new Float64Array(one.max + 1),
  )
  const usage = new Float64Array(count)
  const amounts = new Int32Array(count)
  const trail = new Int16Array(days)

  const relaxed: Relaxation = {
    bound: -Infinity,
    toGo,
    ...picks,
    row: null,
    cost: Infinity,
    potential,
    multiplier: (r) => nu[r]!,
    improve,
  }
  improve(
    options.cutoff ?? Infinity,
    options.steps ?? (nu.some((price) => price !== 0) ? STEPS_WARM : STEPS_COLD),
  )
  return relaxed.bound === Infinity ? null : relaxed

  function potential(r: number, amount: number): number {
    const table = tables[r]!
    if (table !== null) return table[amount]!
    const price = nu[r]!
    const { min, max } = resources[r]!
    if (price >= 0) return -price * (max - amount)
    return amount < min ? -price * (min - amount) : 0
  }

  function fillTables(): void {
    for (let r = 0; r < count; r++) {
      const table = tables[r]!
      if (table === null) continue
      const { min, max, cost } = resources[r]!
      let least = Infinity
      for (let n = max; n >= 0; n--) {
        if (n >= min) least = Math.min(least, cost![n]! - nu[r]! * n)
        table[n] = least + nu[r]! * n
      }
    }
  }

  /** One pass back over the days at the multipliers; gives the bound. */
  function price(): number {
    fillTables()
    const perWeekend = weekendResource < 0 ? 0 : nu[weekendResource]!
    toGo.fill(0, days * nodes)
    for (let day = days - 1; day >= 0; day--) {
      const first = pickStart[day]!
      let slots = first
      slotOfType.fill(-1)
      for (let pick = first; pick < pickStart[day + 1]!; pick++) {
        const cell = pickCell[pick]!
        let at = pickPrice[pick]!
        for (let i = rules.incrementStart[cell]!; i < rules.incrementStart[cell + 1]!; i++)
          at += nu[rules.incrementResource[i]!]! * rules.incrementAmount[i]!
        const type = rules.kindType[rules.cellKind[cell]!]!
        let slot = slotOfType[type]!
        if (slot < 0) {
          slot = slotOfType[type] = slots++
          dayType[slot] = type
          priceIfRested[slot] = Infinity
        }
        if (at < priceIfRested[slot]!) {
          priceIfRested[slot] = at
          dayPick[slot] = pick
        }
      }
      typeStart[day] = slots
      const kind = weekendDay[day]!
      for (let slot = first; slot < slots; slot++) {
        const isCharged = kind !== 0 && isWorkType[dayType[slot]!] === 1
        const charge = !isCharged ? 0 : kind === 3 ? perWeekend / weekendSize[day]! : perWeekend
        priceIfWorked[slot] = priceIfRested[slot]! + (kind === 2 ? 0 : charge)
        priceIfRested[slot]! += charge
      }
      const here = day * nodes
      const there = here + nodes
      for (let node = 0; node < nodes; node++) {
        const at = worked[node] === 1 ? priceIfWorked : priceIfRested
        let least = Infinity
        for (let slot = first; slot < slots; slot++) {
          const to = next[node * types + dayType[slot]!]!
          if (to < 0) continue
          const sum = at[slot]! + toGo[there + to]!
          if (sum < least) least = sum
        }
        toGo[here + node] = least
      }
    }
    let bound = toGo[rules.start]!
    for (let r = 0; r < count; r++) bound += potential(r, 0)
    return bound
  }

  /** The relaxed optimum forward: what it uses, and whether it is a row that may be. */
  function walk(): void {
    usage.fill(0)
    amounts.fill(0)
    let node = rules.start
    let cost = 0
    for (let day = 0; day < days; day++) {
      const there = (day + 1) * nodes
      const at = worked[node] === 1 ? priceIfWorked : priceIfRested
      let chosen = -1
      let least = Infinity
      for (let slot = pickStart[day]!; slot < typeStart[day]!; slot++) {
        const to = next[node * types + dayType[slot]!]!
        if (to < 0) continue
        const sum = at[slot]! + toGo[there + to]!
        if (sum < least) {
          least = sum
          chosen = slot
        }
      }
      const pick = dayPick[chosen]!
      const cell = pickCell[pick]!
      const type = dayType[chosen]!
      trail[day] = rules.cellShift[cell]!
      cost += pickPrice[pick]!
      for (let i = rules.incrementStart[cell]!; i < rules.incrementStart[cell + 1]!; i++) {
        usage[rules.incrementResource[i]!]! += rules.incrementAmount[i]!
        amounts[rules.incrementResource[i]!]! += rules.incrementAmount[i]!
      }
      const kind = weekendDay[day]!
      if (kind !== 0 && isWorkType[type] === 1) {
        const memory = rules.weekendMemory[day]!
        const isFirst = kind === 1 || (kind === 2 ? worked[node] === 0 : amounts[memory] === 0)
        if (memory >= 0) amounts[memory] = 1
        if (isFirst) amounts[weekendResource]!++
        usage[weekendResource]! += kind === 3 ? 1 / weekendSize[day]! : isFirst ? 1 : 0
      }
      node = next[node * types + type]!
    }
    for (let r = 0; r < count; r++) {
      const resource = resources[r]!
      if (amounts[r]! < resource.min || amounts[r]! > resource.max) return
      if (resource.cost !== null) cost += resource.cost[amounts[r]!]!
    }
    if (cost >= relaxed.cost) return
    relaxed.cost = cost
    relaxed.row = trail.slice()
  }

  /** The amount the relaxed price of a resource would like. */
  function wanted(r: number): number {
    const { min, max, cost } = resources[r]!
    const at = nu[r]!
    if (cost === null) return at > 0 ? max : at < 0 ? min : Math.max(min, Math.min(max, usage[r]!))
    let best = min
    for (let n = min; n <= max; n++) if (cost[n]! - at * n < cost[best]! - at * best) best = n
    return best
  }

  function improve(upper: number, steps: number): void {
    let theta = 1
    let idle = 0
    let best = nu.slice()
    let isCurrent = false
    for (let step = 0; step <= steps; step++) {
      const bound = price()
      isCurrent = true
      if (bound === Infinity) {
        relaxed.bound = Infinity
        return
      }
      walk()
      if (bound > relaxed.bound) {
        relaxed.bound = bound
        best = nu.slice()
        idle = 0
      } else if (++idle >= 2) {
        theta /= 2
        idle = 0
      }
      const goal = Math.min(upper, relaxed.cost)
      if (step === steps || relaxed.bound >= goal - TOLERANCE) break
      let norm = 0
      for (let r = 0; r < count; r++) norm += ((usage[r]! - wanted(r)) / resources[r]!.scale) ** 2
      if (norm === 0) break
      const gap = goal < Infinity ? goal - bound : meanPrice() + 0.02 * Math.abs(bound)
      const length = (theta * gap) / norm
      const stepped = nu.slice()
      for (let r = 0; r < count; r++)
        stepped[r]! += (length * (usage[r]! - wanted(r))) / resources[r]!.scale ** 2
      nu = stepped
      isCurrent = false
    }
    if (!isCurrent || nu.some((value, r) => value !== best[r])) {
      nu = best
      price()
    }
    multipliers?.set(nu)
  }

  function meanPrice(): number {
    let sum = 0
    for (const one of pickPrice) sum += Math.abs(one)
    return sum / Math.max(1, pickPrice.length)
  }
}

function cheapestOfKinds(
  rules: RowRules,
  prices: Float64Array,
  keep: RelaxOptions['keep'],
): Pick<Relaxation, 'pickStart' | 'pickCell' | 'pickPrice'> {
  const { days, shifts, cellStart, cellShift, cellKind, cellCost } = rules
  const pickStart = new Int32Array(days + 1)
  const pickCell = new Int32Array(cellShift.length)
  const pickPrice = new Float64Array(cellShift.length)
  const pickOfKind = new Int32Array(rules.kinds)
  let count = 0
  for (let day = 0; day < days; day++) {
    const kept = keep && (day < keep.fromDay || day >= keep.untilDay) ? keep.row[day]! : -1
    pickOfKind.fill(-1)
    for (let cell = cellStart[day]!; cell < cellStart[day + 1]!; cell++) {
      const shift = cellShift[cell]!
      if (kept >= 0 && shift !== kept) continue
      const price = prices[day * shifts + shift]! + cellCost[cell]!
      if (price === Infinity) continue
      const kind = cellKind[cell]!
      let pick = pickOfKind[kind]!
      if (pick < 0) {
        pick = pickOfKind[kind] = count++
        pickPrice[pick] = Infinity
      }
      if (price < pickPrice[pick]!) {
        pickPrice[pick] = price
        pickCell[pick] = cell
      }
    }
    pickStart[day + 1] = count
  }
  return {
    pickStart,
    pickCell: pickCell.subarray(0, count),
    pickPrice: pickPrice.subarray(0, count),
  }
}
