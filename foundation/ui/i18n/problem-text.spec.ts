import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { gathered } from './i18n.ts'
import { problemText } from './problem-text.ts'

describe('text of a problem', () => {
  beforeAll(async () => {
    await i18next.init({
      lng: 'zh-CN',
      fallbackLng: false,
      interpolation: { escapeValue: false },
      resources: {
        'zh-CN': gathered({
          ui: { fault: { required: '必须填写' }, refusal: { network: '连不上服务器' } },
          dispatch: { refusal: { 'unit-already-assigned': '{{callSign}} 已派往 {{incidentNumber}}' } },
        }),
      },
    })
  })
  const text = (problem: Parameters<typeof problemText>[0]) => problemText(problem, i18next.t)

  it('is found by the code alone, whichever capability has it', () => {
    expect(text({ status: 0, code: 'network', title: '' }).text).toBe('连不上服务器')
  })

  it('takes the numbers and names of the refusal', () => {
    const detail = { callSign: '城中01', incidentNumber: '20260101-0001' }
    expect(text({ status: 409, code: 'unit-already-assigned', title: '', detail }).text).toBe(
      '城中01 已派往 20260101-0001',
    )
  })

  it('names the field at fault', () => {
    expect(text({ status: 422, code: 'network', title: '', field: 'typeCode' }).fields).toEqual([
      { field: 'typeCode', text: '连不上服务器' },
    ])
    const errors = [{ field: 'reason', code: 'required' }]
    expect(text({ status: 400, code: 'network', title: '', errors }).fields).toEqual([
      { field: 'reason', text: '必须填写' },
    ])
  })

  it('shows the words of the server for a code that nobody has translated', () => {
    expect(text({ status: 409, code: 'brand-new', title: 'brand new', message: 'no luck' }).text).toBe(
      'brand new：no luck',
    )
  })
})
