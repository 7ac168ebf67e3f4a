import { act, createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ageOf, momentOf } from './age.ts'
import { AgeText } from './age-text.tsx'
import { makeFormat } from './format.ts'

describe('age', () => {
  it('is said in the two largest units', () => {
    expect(ageOf(59_999)).toEqual({ key: 'seconds', seconds: 59 })
    expect(ageOf(200_000)).toEqual({ key: 'minutes', minutes: 3, seconds: 20 })
    expect(ageOf(7_500_000)).toEqual({ key: 'hours', hours: 2, minutes: 5 })
    expect(ageOf(90_000_000)).toEqual({ key: 'days', days: 1, hours: 1 })
  })

  it('is never negative: a desk clock behind the server makes it now', () => {
    expect(ageOf(-5_000)).toEqual({ key: 'seconds', seconds: 0 })
  })

  it('reads a moment as the API writes it, and nothing else', () => {
    expect(momentOf('2026-01-01T00:00:00Z')).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(momentOf('soon')).toBeNull()
    expect(momentOf(null)).toBeNull()
  })
})

describe('format', () => {
  it('shows the wall clock of the district, wherever the desk stands', () => {
    const at = '2016-08-01T20:05:09Z'
    expect(makeFormat('zh-CN', 'Asia/Shanghai').moment(at)).toBe('2016-08-02 04:05:09')
    expect(makeFormat('en', 'America/Los_Angeles').short(at)).toBe('08-01 13:05')
  })

  it('shows midnight as 00, not as 24', () => {
    expect(makeFormat('en', 'UTC').clock('2016-08-01T00:00:00Z')).toBe('00:00:00')
  })

  it('says nothing where there is nothing to say', () => {
    const format = makeFormat('zh-CN', undefined)
    expect([
      format.moment(null),
      format.number(undefined),
      format.percent(null),
      format.distance(Number.NaN),
    ]).toEqual(['—', '—', '—', '—'])
  })

  it('rounds distances as people say them', () => {
    const format = makeFormat('zh-CN', undefined)
    expect([format.distance(324), format.distance(2_440)]).toEqual(['320 m', '2.4 km'])
  })
})

describe('AgeText', () => {
  let root: Root
  const box = document.createElement('div')

  beforeEach(async () => {
    ;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true
    vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:10Z') })
    await i18next.use(initReactI18next).init({
      lng: 'zh-CN',
      fallbackLng: false,
      resources: {
        'zh-CN': {
          ui: {
            age: {
              seconds: '{{seconds}} 秒',
              minutes: '{{minutes}} 分 {{seconds}} 秒',
              ago: '{{age}}前',
              never: '从未',
            },
          },
        },
      },
    })
    root = createRoot(box)
  })
  afterEach(() => {
    act(() => root.unmount())
    vi.useRealTimers()
  })

  it('ticks', () => {
    act(() => root.render(createElement(AgeText, { at: '2026-01-01T00:00:00Z' })))
    expect(box.textContent).toBe('10 秒前')
    act(() => void vi.advanceTimersByTime(55_000))
    expect(box.textContent).toBe('1 分 5 秒前')
  })

  it('says «never» for what has not happened', () => {
    act(() => root.render(createElement(AgeText, { at: null })))
    expect(box.textContent).toBe('从未')
  })
})
