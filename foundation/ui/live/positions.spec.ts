import { describe, expect, it } from 'vitest'
import type { LiveListener } from './channel.ts'
import { createPositionBoard } from './positions.ts'

function stage() {
  let listener: LiveListener = {}
  const board = createPositionBoard({
    listen(given) {
      listener = given
      return () => undefined
    },
  })
  const tell = (full: boolean, ...ids: string[]) =>
    listener.positions?.({
      t: 'positions',
      version: 1,
      full,
      units: ids.map((id) => ({ id, lon: 1, lat: 2 })),
    })
  return { board, tell, shown: () => board.all().map(({ id }) => id) }
}

describe('position board', () => {
  it('adds what changed to what is shown', () => {
    const { tell, shown } = stage()
    tell(true, 'a', 'b')
    tell(false, 'b', 'c')
    expect(shown()).toEqual(['a', 'b', 'c'])
  })

  it('shows only what a full message holds, and still finds a unit outside the view', () => {
    const { board, tell, shown } = stage()
    tell(true, 'a', 'b')
    tell(true, 'b')
    expect(shown()).toEqual(['b'])
    expect(board.get('a')).toMatchObject({ lon: 1, lat: 2 })
  })
})
