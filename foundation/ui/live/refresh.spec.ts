import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveListener } from './channel.ts'
import { refreshFromLive } from './refresh.ts'

describe('refresh from the live stream', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function stage() {
    let listener: LiveListener = {}
    const queries = new QueryClient()
    const invalidate = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue()
    const reloads: string[] = []
    const end = refreshFromLive(
      {
        listen: (given: LiveListener) => {
          listener = given
          return () => void (listener = {})
        },
      } as never,
      queries,
      [
        { topic: 'incident.', keys: ({ subjectId }) => [['incidents'], ['incident', subjectId]] },
        { topic: 'unit.', keys: () => [['units']] },
      ],
      (reason) => reloads.push(reason),
    )
    const tell = (topic: string, subjectId = 'i1') =>
      listener.event?.({ t: 'event', seq: 1, topic, at: '', subjectId, data: {} })
    return { invalidate, reloads, end, tell, reload: (reason: string) => listener.reload?.(reason) }
  }

  it('reads each key again once for a burst of events', () => {
    const { invalidate, tell } = stage()
    for (let i = 0; i < 50; i++) tell('incident.opened')
    vi.advanceTimersByTime(1_000)
    expect(invalidate.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([
      ['incidents'],
      ['incident', 'i1'],
    ])
  })

  it('leaves alone what an event does not concern', () => {
    const { invalidate, tell } = stage()
    tell('loan.made')
    vi.advanceTimersByTime(1_000)
    expect(invalidate).not.toHaveBeenCalled()
  })

  it('reads everything again when events were missed, and says so', () => {
    const { invalidate, reloads, reload } = stage()
    reload('missed-events')
    expect(invalidate).toHaveBeenCalledExactlyOnceWith()
    expect(reloads).toEqual(['missed-events'])
  })

  it('stops with its end, also what was waiting', () => {
    const { invalidate, end, tell } = stage()
    tell('unit.changed')
    end()
    tell('unit.changed')
    vi.advanceTimersByTime(1_000)
    expect(invalidate).not.toHaveBeenCalled()
  })
})
