import { checkRoster } from './check.ts'
import type { Assignment, RosteringProblem, RosterSolution, SolveOptions } from './problem.ts'

/** Bounds come from floating point; what is this close below a whole number is that number. */
const ROUNDING = 1e-5

/**
 * How a solve stands: the best valid roster, the best proven bound, the time. All stages bring what they find here,
 * and nothing is taken that the checker refuses.
 */
export class Standing {
  readonly problem: RosteringProblem
  readonly options: SolveOptions
  readonly startedAt: number
  assignment: Assignment | null = null
  objective: number | null = null
  bound: number | null = null
  isInfeasible = false
  private leastBreaches = Infinity
  /** With whole prices every objective is a whole number, and a bound may be rounded up. */
  private readonly isWhole: boolean

  constructor(problem: RosteringProblem, options: SolveOptions) {
    this.problem = problem
    this.options = options
    this.startedAt = options.clock()
    this.isWhole = hasWholePrices(problem)
  }

  get secondsLeft(): number {
    return this.options.seconds - (this.options.clock() - this.startedAt) / 1_000
  }

  get isOver(): boolean {
    return this.secondsLeft <= 0 || this.isProven || this.isInfeasible || this.options.shouldStop()
  }

  /** Nothing better can be found. */
  get isProven(): boolean {
    return this.objective !== null && this.bound !== null && this.bound >= this.objective - ROUNDING
  }

  /** A better roster costs less than this. */
  get cutoff(): number {
    if (this.objective === null) return Infinity
    return this.isWhole ? this.objective - 1 : this.objective
  }

  /** Takes a roster if it is valid and better; says whether it was. */
  offer(assignment: Assignment): boolean {
    const { objective, breaches } = checkRoster(this.problem, assignment)
    if (breaches.length > 0) {
      const sum = breaches.reduce((total, { amount }) => total + amount, 0)
      if (this.assignment === null && sum < this.leastBreaches) {
        this.leastBreaches = sum
        this.tell()
      }
      return false
    }
    if (this.objective !== null && objective >= this.objective - ROUNDING) return false
    this.assignment = assignment.slice()
    this.objective = objective
    this.leastBreaches = 0
    this.options.onBetter?.(this.assignment, objective)
    this.tell()
    return true
  }

  /** What a lower bound proves when every objective is whole. */
  rounded(bound: number): number {
    return this.isWhole ? Math.ceil(bound - ROUNDING) : bound
  }

  /** Takes a proven lower bound if it is better. */
  raiseBound(proven: number): void {
    if (proven === Infinity) {
      this.isInfeasible = true
      return
    }
    const bound = this.rounded(proven)
    if (this.bound !== null && bound <= this.bound) return
    this.bound = this.objective === null ? bound : Math.min(bound, this.objective)
    this.tell()
  }

  tell(): void {
    this.options.onProgress({
      seconds: (this.options.clock() - this.startedAt) / 1_000,
      objective: this.objective,
      bound: this.bound,
      breaches: this.leastBreaches === Infinity ? 0 : this.leastBreaches,
    })
  }

  get solution(): RosterSolution {
    return {
      assignment: this.assignment,
      objective: this.objective,
      bound: this.bound,
      isInfeasible: this.isInfeasible && this.assignment === null,
      seconds: (this.options.clock() - this.startedAt) / 1_000,
    }
  }
}

function hasWholePrices({ constant, employees, demands }: RosteringProblem): boolean {
  const isWhole = (price: number) => price === Infinity || Number.isInteger(price)
  return (
    isWhole(constant) &&
    employees.every(
      ({ cellCosts, counts }) =>
        cellCosts.every(({ cost }) => isWhole(cost)) &&
        counts.every(({ cost }) => cost === null || cost.every(isWhole)),
    ) &&
    demands.every(
      ({ low, high, underCost, overCost, terms }) =>
        [underCost, overCost].every(isWhole) &&
        [low, high].every((limit) => !Number.isFinite(limit) || Number.isInteger(limit)) &&
        terms.every(({ coefficient }) => Number.isInteger(coefficient)),
    )
  )
}
