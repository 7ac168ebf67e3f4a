/** Where lines of differing heights begin, with the end of the last one behind them. */
export function layLines(heights: readonly number[]): readonly number[] {
  const tops = [0]
  for (const height of heights) tops.push(tops.at(-1)! + height)
  return tops
}

/** The line at a height; the nearest one above or below the lines. -1 where there is none. */
export function lineAt(tops: readonly number[], y: number): number {
  const lines = tops.length - 1
  if (lines === 0) return -1
  let low = 0
  let high = lines - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle]! <= y) low = middle
    else high = middle - 1
  }
  return low
}

export interface LineWindow {
  readonly first: number
  /** Exclusive. */
  readonly until: number
}

/** The window moves by so many lines at once. */
const STEP = 2
/** Lines ready above and below what is seen. */
const READY = 10

/** How many lines a window holds: always the same number, so that the lines' elements can be used again. */
export const windowLines = (height: number, smallest: number): number =>
  Math.ceil(height / smallest) + 2 * READY + STEP

/** The lines that a view from `top` needs, some above and below included. */
export function windowOf(tops: readonly number[], top: number, lines: number): LineWindow {
  const all = tops.length - 1
  if (all === 0) return { first: 0, until: 0 }
  const seen = Math.floor(lineAt(tops, top) / STEP) * STEP
  const first = Math.max(0, Math.min(seen - READY, all - lines))
  return { first, until: Math.min(all, first + lines) }
}

/** By how much to scroll so that a stretch is in view between margins; 0 where it is. */
export function scrollInto(
  view: { readonly from: number; readonly until: number },
  stretch: { readonly from: number; readonly until: number },
): number {
  if (stretch.from < view.from) return stretch.from - view.from
  if (stretch.until > view.until) return Math.min(stretch.until - view.until, stretch.from - view.from)
  return 0
}
