/** Bytes of a thing, both ends included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * What a `Range` header asks of a thing of `size` bytes (RFC 9110, 14.2). Several ranges at once, other units and
 * what cannot be read are ignored, as the standard allows: the whole is given. A range that begins behind the end is
 * `unsatisfiable`.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '')
  if (found === null || (found[1] === '' && found[2] === '')) return 'whole'
  if (found[1] === '') {
    const suffix = Number(found[2])
    return suffix === 0 || size === 0
      ? 'unsatisfiable'
      : { first: Math.max(0, size - suffix), last: size - 1 }
  }
  const first = Number(found[1])
  const last = found[2] === '' ? size - 1 : Math.min(Number(found[2]), size - 1)
  if (found[2] !== '' && Number(found[2]) < first) return 'whole'
  return first >= size ? 'unsatisfiable' : { first, last }
}
