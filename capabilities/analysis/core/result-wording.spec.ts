import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { displacementKey, signedPercent, verdictWording } from './result-wording.ts'

const plain = String
const textsIn = (language: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}.json`, import.meta.url), 'utf8')) as {
    verdict: Record<string, string>
    displacement: Record<string, string>
  }
const said = (language: string, verdict: string, judged: Parameters<typeof verdictWording>[0]['judged']) => {
  const { key, values } = verdictWording(
    { verdict: verdict as never, before: 60, count: 20, tests: 64, judged },
    plain,
  )
  return textsIn(language).verdict[key.slice('verdict.'.length)]!.replace(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => values[name]!,
  )
}

describe('the words of a result', () => {
  const judged = { expected: 58.4, change: { lowPercent: -80.4, highPercent: -43.2 } }

  it('say of a fall what was expected and how sure it is', () => {
    expect(said('zh-CN', 'result-fell', judged)).toBe(
      '由 60 起降至 20 起；若无变化，预计 58 起。降幅超出偶然波动（95% 区间 −80% 至 −43%）。',
    )
    expect(said('en', 'result-fell', judged)).toContain('58 were expected')
  })

  it('say of chance that it is chance', () => {
    expect(said('zh-CN', 'result-cannot-be-told', judged)).toContain('不能与偶然波动区分')
    expect(said('en', 'result-cannot-be-told', judged)).toContain('cannot be told from chance')
  })

  it('say of one of many how many were looked at', () => {
    expect(said('zh-CN', 'result-one-of-many', judged)).toContain('64 项')
  })

  it('have a number for each place that a text has for one, in both languages', () => {
    for (const language of ['zh-CN', 'en'])
      for (const verdict of Object.keys(textsIn(language).verdict))
        expect(said(language, verdict, judged)).not.toMatch(/undefined|\{\{/)
  })

  it('have no upper limit where nothing was counted before', () => {
    const open = { expected: 0, change: { lowPercent: 10, highPercent: null } }
    expect(said('en', 'result-rose', open)).toContain('∞')
  })

  it('sign their percentages', () => {
    expect([-12.4, 3, 0.2, -0.4].map((each) => signedPercent(each, plain))).toEqual([
      '−12%',
      '+3%',
      '0%',
      '0%',
    ])
  })

  it.each([
    [{ quotient: null, low: null, high: null }, 'none'],
    [{ quotient: -0.4, low: null, high: null }, 'untold'],
    [{ quotient: -0.4, low: -1.1, high: 0.3 }, 'cannot-be-told'],
    [{ quotient: 0.6, low: 0.1, high: 1.4 }, 'diffused'],
    [{ quotient: -0.6, low: -1.4, high: -0.1 }, 'partly'],
    [{ quotient: -2, low: -4, high: -1.2 }, 'moved'],
  ] as const)('say what %o means', (displacement, key) => {
    expect(displacementKey(displacement)).toBe(`displacement.${key}`)
  })
})
