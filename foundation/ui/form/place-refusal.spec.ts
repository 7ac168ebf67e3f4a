import { describe, expect, it } from 'vitest'
import { placeRefusal } from './place-refusal.ts'

const text = '不能并入自己'

describe('where a refusal is told', () => {
  it('is the field that it concerns', () => {
    const problem = { text, fields: [{ field: 'intoId', text }] }
    expect(placeRefusal(problem, ['intoId', 'reason'], {})).toEqual({
      fields: [{ name: 'intoId', text }],
      above: null,
    })
  })

  it('is the field by the name that the form gives it', () => {
    const problem = { text, fields: [{ field: 'result', text }] }
    expect(placeRefusal(problem, ['reason'], { result: 'reason' }).fields).toEqual([{ name: 'reason', text }])
  })

  it('is above the fields where it concerns none of them, or one of another form too', () => {
    expect(placeRefusal({ text, fields: [] }, ['reason'], {}).above).toBe(text)
    const both = {
      text,
      fields: [
        { field: 'reason', text },
        { field: 'level', text },
      ],
    }
    expect(placeRefusal(both, ['reason'], {})).toEqual({ fields: [{ name: 'reason', text }], above: text })
  })
})
