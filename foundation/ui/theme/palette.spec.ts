import { describe, expect, it } from 'vitest'
import { contrast, PALETTES, type Palette } from './palette.ts'

const TEXTS = ['text', 'muted', 'faint', 'accent', 'ok', 'warn', 'danger', 'info', 'violet', 'cyan'] as const
const GROUNDS = ['surface', 'raised', 'overlay'] as const

describe('palette', () => {
  for (const [name, palette] of Object.entries(PALETTES) as [string, Palette][]) {
    it(`${name}: every text colour reaches 4.5 : 1 on every ground (WCAG 2.2 AA)`, () => {
      const weak = TEXTS.flatMap((text) =>
        GROUNDS.map((ground) => ({ text, ground, ratio: contrast(palette[text], palette[ground]) })),
      ).filter(({ ratio }) => ratio < 4.5)
      expect(weak).toEqual([])
    })

    it(`${name}: what stands on a coloured button is read as well`, () => {
      for (const ground of ['accent', 'danger', 'warn', 'info'] as const)
        expect(contrast(palette.onAccent, palette[ground]), ground).toBeGreaterThanOrEqual(4.5)
    })

    it(`${name}: labels on the map stand out from ground and water`, () => {
      for (const ground of ['ground', 'built', 'labelHalo'] as const)
        expect(contrast(palette.map.label, palette.map[ground]), ground).toBeGreaterThanOrEqual(4.5)
    })
  }
})
