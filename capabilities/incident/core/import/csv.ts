/** One record of a delimited file, or a line that is none. `line` counts from 1 in the file. */
export type CsvItem =
  | { readonly kind: 'record'; readonly line: number; readonly cells: readonly string[] }
  | {
      readonly kind: 'fault'
      readonly line: number
      readonly cause: 'unclosed-quote' | 'line-too-long'
      readonly text: string
    }

export interface CsvReader {
  /** Takes the next piece of text, of any length, and gives what it completes. */
  push(text: string): CsvItem[]
  /** Gives what is left when the file ends. */
  end(): CsvItem[]
}

export interface CsvShape {
  readonly delimiter: string
  readonly quote: string
}

/**
 * A quoted cell may hold line breaks, but an agency's stray quote must not swallow the file: past these limits the
 * line with the quote is a fault and reading goes on with the line after it. They also bound the memory.
 */
const LONGEST_QUOTED_LINES = 60
const LONGEST_QUOTED_CHARACTERS = 65_536
/** A file without line breaks is no table; its «line» is a fault and is not kept. */
const LONGEST_LINE_CHARACTERS = 1_048_576
const SHOWN_CHARACTERS = 200

/** Reads RFC 4180 text piece by piece, and the looser text that agencies write. Never throws; empty lines are skipped. */
export function createCsvReader({ delimiter, quote }: CsvShape): CsvReader {
  let carry = ''
  let line = 0
  /** Lines of a record whose quote is still open. */
  let open: string[] = []
  let openCharacters = 0
  let openedAt = 0
  /** The start of a line that is too long, while its end is awaited. */
  let tooLong: string | null = null

  function takeLine(text: string, at: number, items: CsvItem[]): void {
    if (text.length > LONGEST_LINE_CHARACTERS) {
      items.push({ kind: 'fault', line: at, cause: 'line-too-long', text: text.slice(0, SHOWN_CHARACTERS) })
      return
    }
    if (open.length === 0 && text === '') return
    if (open.length === 0 && !text.includes(quote)) {
      items.push({ kind: 'record', line: at, cells: text.split(delimiter) })
      return
    }
    if (open.length === 0) openedAt = at
    open.push(text)
    openCharacters += text.length
    // Each further line closes an open quote only if it holds one itself.
    const cells =
      open.length === 1 || text.includes(quote) ? splitQuoted(open.join('\n'), delimiter, quote) : null
    if (cells !== null) {
      items.push({ kind: 'record', line: openedAt, cells })
      open = []
      openCharacters = 0
    } else if (open.length > LONGEST_QUOTED_LINES || openCharacters > LONGEST_QUOTED_CHARACTERS) {
      giveUpQuote(items)
    }
  }

  /** The first open line is at fault; the others are read again, each on its own. */
  function giveUpQuote(items: CsvItem[]): void {
    const [first, ...rest] = open
    const at = openedAt
    open = []
    openCharacters = 0
    items.push({ kind: 'fault', line: at, cause: 'unclosed-quote', text: first! })
    rest.forEach((text, i) => takeLine(text, at + 1 + i, items))
  }

  return {
    push(text) {
      const items: CsvItem[] = []
      const whole = carry + text
      let start = 0
      for (let end = whole.indexOf('\n'); end >= 0; end = whole.indexOf('\n', start)) {
        if (tooLong !== null) {
          items.push({ kind: 'fault', line: ++line, cause: 'line-too-long', text: tooLong })
          tooLong = null
          start = end + 1
          continue
        }
        const isCrLf = end > start && whole.charCodeAt(end - 1) === 13
        takeLine(whole.slice(start, isCrLf ? end - 1 : end), ++line, items)
        start = end + 1
      }
      carry = tooLong === null ? whole.slice(start) : ''
      if (carry.length > LONGEST_LINE_CHARACTERS) {
        tooLong = carry.slice(0, SHOWN_CHARACTERS)
        carry = ''
      }
      return items
    },
    end() {
      const items: CsvItem[] = []
      const last = carry.endsWith('\r') ? carry.slice(0, -1) : carry
      carry = ''
      if (tooLong !== null) {
        items.push({ kind: 'fault', line: ++line, cause: 'line-too-long', text: tooLong })
        tooLong = null
      }
      if (last !== '') takeLine(last, ++line, items)
      while (open.length > 0) giveUpQuote(items)
      return items
    },
  }
}

/** The cells of a record that holds quotes, or null while one of them is open. */
function splitQuoted(text: string, delimiter: string, quote: string): string[] | null {
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (text.startsWith(quote, at)) {
      let cell = ''
      let from = at + 1
      for (;;) {
        const close = text.indexOf(quote, from)
        if (close < 0) return null
        cell += text.slice(from, close)
        from = close + 1
        if (!text.startsWith(quote, from)) break
        cell += quote
        from += 1
      }
      // Text between the closing quote and the delimiter is kept as it stands.
      const end = text.indexOf(delimiter, from)
      cells.push(cell + (end < 0 ? text.slice(from) : text.slice(from, end)))
      if (end < 0) return cells
      at = end + delimiter.length
    } else {
      const end = text.indexOf(delimiter, at)
      cells.push(end < 0 ? text.slice(at) : text.slice(at, end))
      if (end < 0) return cells
      at = end + delimiter.length
    }
  }
}

/** The delimiter of a file, from its first line: the one that occurs most outside quotes. */
export function guessDelimiter(firstLine: string): string {
  let best = ','
  let most = 0
  for (const candidate of [',', '\t', ';', '|']) {
    const count = firstLine.split(candidate).length - 1
    if (count <= most) continue
    most = count
    best = candidate
  }
  return best
}

/** One row of a delimited file, quoted where it must be. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => csvCell(String(cell))).join(',')}\n`
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
