import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { readArguments } from './arguments.ts'

const read = (words: readonly string[], environment: Record<string, string> = {}) => {
  const found = readArguments(words, environment)
  return isRefusal(found) ? found.field : found.trustedProxies
}

describe('the proxies that are trusted', () => {
  it('are none unless named', () => {
    expect(read([])).toEqual([])
    expect(read([], { TRUST_PROXY: '' })).toEqual([])
  })

  it('are addresses and networks, from the command line before the environment', () => {
    expect(read([], { TRUST_PROXY: '127.0.0.1, ::1' })).toEqual(['127.0.0.1', '::1'])
    expect(read(['--trust-proxy', '10.0.0.0/8'], { TRUST_PROXY: '127.0.0.1' })).toEqual(['10.0.0.0/8'])
  })

  it.each(['true', 'everyone', '0.0.0.0/0', '10.0.0.0/33', '10.0.0.0/8/8', '1', '*'])(
    'are never «%s»: whoever is trusted may claim any address',
    (word) => {
      expect(read(['--trust-proxy', word])).toBe('--trust-proxy')
    },
  )
})
