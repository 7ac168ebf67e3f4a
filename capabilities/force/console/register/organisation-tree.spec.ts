import { describe, expect, it } from 'vitest'
import { organisationTree } from './organisation-tree.ts'

const row = (id: string, parentId: string | null) => ({ id, parentId })
const draw = (rows: readonly { id: string; parentId: string | null }[]) =>
  organisationTree(rows, ({ id }) => ({ id }))

describe('the tree of organisations', () => {
  it('puts each below its parent', () => {
    expect(draw([row('east', 'bureau'), row('bureau', null), row('beat', 'east')])).toEqual([
      { id: 'bureau', children: [{ id: 'east', children: [{ id: 'beat' }] }] },
    ])
  })

  it('keeps one whose parent it does not know at the top', () => {
    expect(draw([row('east', 'elsewhere')])).toEqual([{ id: 'east' }])
  })

  it('cuts a circle and loses nobody', () => {
    expect(draw([row('a', 'b'), row('b', 'a')])).toEqual([{ id: 'a', children: [{ id: 'b' }] }])
  })
})
