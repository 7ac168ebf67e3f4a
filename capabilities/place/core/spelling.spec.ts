import { describe, expect, it } from 'vitest'
import { wordsSpeltAlike } from './spelling.ts'

describe('words spelt alike', () => {
  const vocabulary = ['high', 'hill', 'street', 'strand', 'broadway', '人民路', '解放路', '人和路']
  it.each([
    ['hihg', ['high']],
    ['stret', ['street']],
    ['boradwya', ['broadway']],
    ['人名路', ['人和路', '人民路']],
    ['high', ['high']],
    ['hi', []],
    ['lighthouse', []],
  ])('to %s are %j', (word, expected) => {
    expect(wordsSpeltAlike(word, vocabulary, 3)).toEqual(expected)
  })
})
