/** How many slips of the pen a word of some length may hold and still be taken for another. */
const slipsAllowed = (length: number) => (length < 3 ? 0 : length < 6 ? 1 : 2)

/**
 * The words spelt most like the given one, the likest first, none that needs more slips than its length allows:
 * one from 3 letters on, two from 6 on. A slip is a letter left out, put in, exchanged, or two neighbours swapped.
 */
export function wordsSpeltAlike(word: string, vocabulary: readonly string[], limit: number): string[] {
  const most = slipsAllowed([...word].length)
  if (most === 0) return []
  return vocabulary
    .map((candidate) => ({ candidate, slips: slips(word, candidate, most) }))
    .filter(({ slips: count }) => count <= most)
    .sort(
      (a, b) =>
        a.slips - b.slips || a.candidate.length - b.candidate.length || (a.candidate < b.candidate ? -1 : 1),
    )
    .slice(0, limit)
    .map(({ candidate }) => candidate)
}

/** Optimal string alignment distance (Damerau 1964), or `most + 1` as soon as it must be greater than `most`. */
function slips(a: string, b: string, most: number): number {
  const from = [...a]
  const to = [...b]
  if (Math.abs(from.length - to.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = to.map((_, j) => j + 1)
  last.unshift(0)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (isSwap) least = Math.min(least, beforeLast[j - 2]! + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return most + 1
    beforeLast = last
    last = row
  }
  return last[to.length]!
}
