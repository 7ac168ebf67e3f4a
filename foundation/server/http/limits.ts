/** Deeper than any body of ours; whatever walks a value by calling itself is safe down to here. */
const DEEPEST = 64

/** How long a caller may take: a day of fixes over a bad line is slow, headers never are. */
export const HEADERS_MILLISECONDS = 15_000
export const REQUEST_MILLISECONDS = 120_000
export const LOOK_AT_CONNECTIONS_MILLISECONDS = 5_000

/** Whether a JSON text nests deeper than any body of ours. Reads until it knows; what is no JSON is for the parser to refuse. */
export function nestsTooDeep(json: string): boolean {
  let depth = 0
  let isInText = false
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (isInText) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isInText = false
    } else if (code === QUOTE) isInText = true
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > DEEPEST) return true
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * A fault as the log may keep it. PostgreSQL's `detail` and `where` quote the row at fault, and rows hold names,
 * numbers and what people have told: the log gets the place of the fault, never the row.
 */
export function faultForLog(fault: unknown): object {
  if (!(fault instanceof Error)) return { message: String(fault) }
  const { code, constraint, table, column } = fault as Error & Record<string, unknown>
  return {
    type: fault.name,
    message: fault.message,
    stack: fault.stack,
    ...{ code, constraint, table, column },
    ...(fault.cause === undefined ? {} : { cause: faultForLog(fault.cause) }),
  }
}
