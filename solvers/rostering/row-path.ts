import type { RosteringProblem } from './problem.ts'
import { rowRules, type RowRules } from './row-rules.ts'
import { relaxRow, type Relaxation, type RowMemory } from './row-relaxation.ts'

/**
 * The best row of one employee against prices: the subproblem of column generation and the strongest move of the
 * search. Labels run over the days; what a label can still cost is bounded from below by a Lagrangian relaxation of
 * all that is counted (row-relaxation.ts), so that most labels are never kept. Dominance as in Irnich and Desaulniers,
 * «Shortest path problems with resource constraints», 2005.
 */
export interface RowOptions {
  /** Most labels kept after a day; fewer are faster, and the answer may then be not exact. Infinity: exact. */
  readonly width?: number
  /** Only rows cheaper than this are wanted. */
  readonly cutoff?: number
  /** Days outside `fromDay` (in) to `untilDay` (out) keep what the row has. */
  readonly keep?: { readonly row: Int16Array; readonly fromDay: number; readonly untilDay: number }
  /** Steps that better the bound before labels are made; more help when prices are new. */
  readonly steps?: number
  /** With few labels: how much an even use of what is counted over weeks weighs in choosing them. */
  readonly straying?: number
  /** What earlier calls for the same problem learnt; read and written. */
  readonly memory?: RowMemory
}

export interface RowAnswer {
  /** Null: there is none (below the cutoff), proven if `isExact`. */
  readonly row: Int16Array | null
  /** Prices + own cell costs + count costs of the row; Infinity without one. */
  readonly cost: number
  /** No allowed row is cheaper than this (or than the cutoff, if that is less). */
  readonly lowerBound: number
  readonly isExact: boolean
}

const FIRST_WIDTH = 48
const STEPS_BETWEEN = 12
const DOMINANCE_CHECKS = 60
const TOLERANCE = 1e-7

/**
 * @param prices by `day * shifts + shift`, added to the employee's own cell costs and count costs; may be negative.
 */
export function bestRow(
  problem: RosteringProblem,
  employee: number,
  prices: Float64Array,
  options: RowOptions = {},
): RowAnswer {
  const rules = rowRules(problem, employee)
  const width = options.width ?? Infinity
  const relaxed = relaxRow(rules, prices, options, remembered(rules, employee, options.memory))
  if (relaxed === null) return { row: null, cost: Infinity, lowerBound: Infinity, isExact: true }
  let best: Found = { cost: Math.min(relaxed.cost, options.cutoff ?? Infinity), row: null }
  if (relaxed.row !== null && relaxed.cost <= best.cost) best = { cost: relaxed.cost, row: relaxed.row }
  let bound = relaxed.bound
  for (
    let kept = Math.min(FIRST_WIDTH, width);
    bound < best.cost - TOLERANCE;
    kept = Math.min(kept * 8, width)
  ) {
    const pass = labelPass(rules, relaxed, best, kept, options.straying ?? 1)
    best = pass.best
    bound = Math.max(bound, Math.min(pass.leastDropped, best.cost))
    if (kept >= width || bound >= best.cost - TOLERANCE) break
    relaxed.improve(best.cost, STEPS_BETWEEN)
    if (relaxed.cost < best.cost) best = { cost: relaxed.cost, row: relaxed.row }
    bound = Math.max(bound, relaxed.bound)
  }
  const isExact = bound >= best.cost - TOLERANCE
  return {
    row: best.row,
    cost: best.row === null ? Infinity : best.cost,
    lowerBound: isExact ? best.cost : bound,
    isExact,
  }
}

function remembered(rules: RowRules, employee: number, memory: RowMemory | undefined): Float64Array | null {
  if (memory === undefined) return null
  let multipliers = memory.get(employee)
  if (!multipliers) memory.set(employee, (multipliers = new Float64Array(rules.resources.length)))
  return multipliers
}

interface Found {
  readonly cost: number
  readonly row: Int16Array | null
}

/** Labels of one day. Arrays grow and are used again by the next call. */
class Layer {
  count = 0
  node = new Int32Array(0)
  cost = new Float64Array(0)
  bound = new Float64Array(0)
  /** Bound and what straying from an even use of the counted adds; the least are kept. */
  rank = new Float64Array(0)
  parent = new Int32Array(0)
  shift = new Int16Array(0)
  nextInNode = new Int32Array(0)
  amounts = new Int32Array(0)

  reserve(labels: number, resources: number): void {
    if (this.node.length < labels) {
      const size = Math.max(256, labels * 2)
      this.node = grown(this.node, new Int32Array(size))
      this.cost = grown(this.cost, new Float64Array(size))
      this.bound = grown(this.bound, new Float64Array(size))
      this.rank = grown(this.rank, new Float64Array(size))
      this.parent = grown(this.parent, new Int32Array(size))
      this.shift = grown(this.shift, new Int16Array(size))
      this.nextInNode = grown(this.nextInNode, new Int32Array(size))
    }
    if (this.amounts.length < this.node.length * resources)
      this.amounts = grown(this.amounts, new Int32Array(this.node.length * resources))
  }
}

function grown<T extends Int32Array | Float64Array | Int16Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

const layers: [Layer, Layer] = [new Layer(), new Layer()]
const parents: Int32Array[] = []
const shifts: Int16Array[] = []
let heads = new Int32Array(0)
let scratch = new Int32Array(0)

function labelPass(
  rules: RowRules,
  relaxed: Relaxation,
  incumbent: Found,
  width: number,
  straying: number,
): { best: Found; leastDropped: number } {
  const { automaton, resources, days, weekendDay, weekendMemory, weekendResource } = rules
  const { next, types, nodes, worked } = automaton
  const count = resources.length
  const { toGo, pickStart, pickCell, pickPrice } = relaxed
  const limit = incumbent.cost - TOLERANCE
  let leastDropped = Infinity
  if (heads.length < nodes) heads = new Int32Array(nodes)
  if (scratch.length < count) scratch = new Int32Array(count + 8)

  const long = longOnes(rules)
  let [now, then] = layers
  now.count = 1
  now.reserve(1, count)
  now.node[0] = rules.start
  now.cost[0] = 0
  now.bound[0] = relaxed.bound
  now.amounts.fill(0, 0, count)

  for (let day = 0; day < days; day++) {
    then.count = 0
    heads.fill(-1, 0, nodes)
    const closing = rules.closing[day]!
    const open = rules.open[day]!
    const kindOfDay = weekendDay[day]!
    for (let label = 0; label < now.count; label++) {
      const from = now.node[label]!
      const base = label * count
      // what is charged for being open: bound - cost - toGo
      const potential = now.bound[label]! - now.cost[label]! - toGo[day * nodes + from]!
      for (let pick = pickStart[day]!; pick < pickStart[day + 1]!; pick++) {
        const cell = pickCell[pick]!
        const type = rules.kindType[rules.cellKind[cell]!]!
        const to = next[from * types + type]!
        if (to < 0) continue
        const ahead = toGo[(day + 1) * nodes + to]!
        let cost = now.cost[label]! + pickPrice[pick]!
        if (cost + ahead === Infinity) continue
        for (let r = 0; r < count; r++) scratch[r] = now.amounts[base + r]!
        let open1 = potential
        let isLost = false
        for (let i = rules.incrementStart[cell]!; i < rules.incrementStart[cell + 1]!; i++) {
          const r = rules.incrementResource[i]!
          const before = scratch[r]!
          const after = before + rules.incrementAmount[i]!
          if (after > resources[r]!.max) {
            isLost = true
            break
          }
          scratch[r] = after
          open1 += relaxed.potential(r, after) - relaxed.potential(r, before)
        }
        if (isLost) continue
        if (kindOfDay !== 0 && automaton.isWorkType[type] === 1) {
          const memory = weekendMemory[day]!
          const isFirst = kindOfDay === 1 || (kindOfDay === 2 ? worked[from] === 0 : scratch[memory] === 0)
          if (memory >= 0) scratch[memory] = 1
          if (isFirst) {
            const before = scratch[weekendResource]!
            if (before + 1 > resources[weekendResource]!.max) continue
            scratch[weekendResource] = before + 1
            open1 +=
              relaxed.potential(weekendResource, before + 1) - relaxed.potential(weekendResource, before)
          }
        }
        for (const r of closing) {
          const resource = resources[r]!
          const amount = scratch[r]!
          if (amount < resource.min) {
            isLost = true
            break
          }
          open1 -= relaxed.potential(r, amount)
          if (resource.cost !== null) cost += resource.cost[amount]!
          scratch[r] = 0
        }
        if (isLost) continue
        const bound = cost + ahead + open1
        if (bound >= limit) continue
        for (const r of open) {
          const resource = resources[r]!
          const place = (day + 1 - resource.firstDay) * nodes + to
          if (
            scratch[r]! + resource.most[place]! < resource.min ||
            scratch[r]! + resource.least[place]! > resource.max
          ) {
            isLost = true
            break
          }
        }
        if (isLost || isDominated(then, to, cost, open, rules, day)) continue
        const place = then.count++
        then.reserve(then.count, count)
        then.node[place] = to
        then.cost[place] = cost
        then.bound[place] = bound
        then.rank[place] = bound + straying * strayed(long, relaxed, day)
        then.parent[place] = label
        then.shift[place] = rules.cellShift[cell]!
        then.nextInNode[place] = heads[to]!
        heads[to] = place
        for (let r = 0; r < count; r++) then.amounts[place * count + r] = scratch[r]!
      }
    }
    leastDropped = Math.min(leastDropped, narrow(then, width, count))
    if (then.count === 0) return { best: incumbent, leastDropped }
    keepTrail(day, then)
    ;[now, then] = [then, now]
  }
  let last = 0
  for (let label = 1; label < now.count; label++) if (now.cost[label]! < now.cost[last]!) last = label
  const cost = now.cost[last]!
  if (cost >= limit) return { best: incumbent, leastDropped }
  const row = new Int16Array(days)
  for (let day = days - 1, label = last; day >= 0; day--) {
    row[day] = shifts[day]![label]!
    label = parents[day]![label]!
  }
  return { best: { cost, row }, leastDropped }
}

/** Whether a label in the same node is as cheap and as free; labels that the new one beats so are taken out. */
function isDominated(
  layer: Layer,
  node: number,
  cost: number,
  open: readonly number[],
  rules: RowRules,
  day: number,
): boolean {
  const count = rules.resources.length
  let previous = -1
  let other = heads[node]!
  for (let checks = 0; other >= 0 && checks < DOMINANCE_CHECKS; checks++) {
    const following = layer.nextInNode[other]!
    let isBeaten = layer.cost[other]! <= cost
    let beats = !isBeaten
    for (let i = 0; i < open.length && (isBeaten || beats); i++) {
      const r = open[i]!
      const mine = scratch[r]!
      const theirs = layer.amounts[other * count + r]!
      if (mine === theirs) continue
      const resource = rules.resources[r]!
      if (!resource.isConvex) {
        isBeaten = false
        beats = false
        break
      }
      const place = (day + 1 - resource.firstDay) * rules.automaton.nodes + node
      const less = Math.min(mine, theirs)
      const more = Math.max(mine, theirs)
      const lessIsAsGood = less >= resource.min
      const moreIsAsGood = resource.cost === null && more + resource.most[place]! <= resource.max
      if (mine < theirs) {
        if (!moreIsAsGood) isBeaten = false
        if (!lessIsAsGood) beats = false
      } else {
        if (!lessIsAsGood) isBeaten = false
        if (!moreIsAsGood) beats = false
      }
    }
    if (isBeaten) return true
    if (beats) {
      layer.bound[other] = Infinity
      if (previous < 0) heads[node] = following
      else layer.nextInNode[previous] = following
    } else previous = other
    other = following
  }
  return false
}

interface LongOne {
  readonly r: number
  readonly firstDay: number
  readonly length: number
  readonly min: number
  readonly max: number
}

/** Resources over weeks: at the right multiplier any use of them seems as good as another until it is too late. */
function longOnes(rules: RowRules): readonly LongOne[] {
  return rules.resources.flatMap(({ firstDay, lastDay, min, max, cost }, r) =>
    cost === null && lastDay - firstDay >= 20
      ? [{ r, firstDay, length: lastDay - firstDay + 1, min, max }]
      : [],
  )
}

function strayed(long: readonly LongOne[], relaxed: Relaxation, day: number): number {
  let sum = 0
  for (const { r, firstDay, length, min, max } of long) {
    const price = relaxed.multiplier(r)
    if (price === 0) continue
    const even = ((price > 0 ? max : min) * (day + 1 - firstDay)) / length
    sum += Math.abs(price * (scratch[r]! - even))
  }
  return sum
}

/** Takes out what is dominated and, beyond the width, what is least promising; gives the least bound of the latter. */
function narrow(layer: Layer, width: number, count: number): number {
  let alive = 0
  for (let label = 0; label < layer.count; label++) if (layer.bound[label]! < Infinity) alive++
  let threshold = Infinity
  let least = Infinity
  if (alive > width) {
    const ranks = layer.rank.slice(0, layer.count)
    for (let label = 0; label < layer.count; label++)
      if (layer.bound[label] === Infinity) ranks[label] = Infinity
    threshold = ranks.sort()[width]!
  }
  let kept = 0
  for (let label = 0; label < layer.count; label++) {
    const bound = layer.bound[label]!
    if (bound === Infinity) continue
    const rank = layer.rank[label]!
    if (rank > threshold || (rank === threshold && kept >= width)) {
      if (bound < least) least = bound
      continue
    }
    if (kept !== label) {
      layer.node[kept] = layer.node[label]!
      layer.cost[kept] = layer.cost[label]!
      layer.bound[kept] = bound
      layer.parent[kept] = layer.parent[label]!
      layer.shift[kept] = layer.shift[label]!
      layer.amounts.copyWithin(kept * count, label * count, label * count + count)
    }
    kept++
  }
  layer.count = kept
  return least
}

function keepTrail(day: number, layer: Layer): void {
  if ((parents[day]?.length ?? 0) < layer.count) {
    parents[day] = new Int32Array(layer.count * 2)
    shifts[day] = new Int16Array(layer.count * 2)
  }
  parents[day]!.set(layer.parent.subarray(0, layer.count))
  shifts[day]!.set(layer.shift.subarray(0, layer.count))
}
