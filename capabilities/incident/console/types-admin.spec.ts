import { describe, expect, it } from 'vitest'
import { parseTypes } from './types-admin.tsx'

describe('pasted incident types', () => {
  it('reads tabs and commas, levels and urgency in words of either language', () => {
    expect(parseTypes('0101\t命案\tHomicide\tmajor\t是\n0207,噪音扰民,Noise,general,\n\n')).toEqual([
      { code: '0101', nameZh: '命案', nameEn: 'Homicide', baseLevel: 'major', urgent: true },
      { code: '0207', nameZh: '噪音扰民', nameEn: 'Noise', baseLevel: 'general', urgent: false },
    ])
  })

  it('gives a type without an English name its Chinese one, and an unknown level the lowest', () => {
    expect(parseTypes('0999,其他')).toEqual([
      { code: '0999', nameZh: '其他', nameEn: '其他', baseLevel: 'general', urgent: false },
    ])
  })
})
