/**
 * How names are compared. Width, case, accents and punctuation do not count, and what joins two streets (`与`, `和`,
 * `&`, `and`, `/`, `@`) is a space, so that «解放路与人民路» finds «人民路与解放路».
 */
export function searchText(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/(?<=\p{Script=Han})[与和及]\s*(?=\p{Script=Han})/gu, ' ')
    .replace(/(?:交叉口|交汇处|路口)$/u, '')
    .replace(/\b(?:and|at)\b/g, ' ')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
}

/** The words of a query, all of which a name must contain. Empty when there is nothing to look for. */
export function queryWords(query: string): string[] {
  // «人民路解放路»: after the word for a street another name may begin. A word that is cut there is still held whole
  // by what it is cut from, so nothing is missed.
  const words = searchText(query)
    .replace(/(?<=[路街巷道])(?=\p{Script=Han})/gu, ' ')
    .split(' ')
  return [...new Set(words)].filter((word) => word !== '').slice(0, 8)
}
