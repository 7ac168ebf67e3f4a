import loadHighs from 'highs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Highs } from '../../../solvers/rostering/highs.ts'
import { checkRoster } from './check.ts'
import { makeUpGround } from './made-up-ground.ts'
import { answerRoster, type RosterJob } from './solving.ts'

const watch = { clock: () => performance.now(), shouldStop: () => false, onProgress: () => {} }

describe('answering a roster', () => {
  let highs: Highs
  beforeAll(async () => {
    highs = (await loadHighs()) as unknown as Highs
  })

  const ground = makeUpGround({
    ...{ seed: 5, stations: 2, officersPerStation: 12, days: 7, patternCode: 'three-shift' },
    ...{ leaveShare: 0, trainingShare: 0 },
  })
  const job: RosterJob = { ground, start: null, seconds: 10, seed: 1, conflictSeconds: 10 }

  it('gives a roster that the check finds nothing in, with a bound below its cost', () => {
    const { grid, objective, bound, conflict } = answerRoster(job, watch, highs)
    expect(checkRoster(ground, grid!)).toEqual([])
    expect(bound!).toBeLessThanOrEqual(objective! + 1e-6)
    expect(conflict).toBeNull()
  })

  it('says that there is none, and why, also where the search was given no time to prove it', () => {
    const posts = ground.posts.map((post) =>
      post.id === 'station-2-desk' ? { ...post, minOfficers: 9, maxOfficers: null } : post,
    )
    const { grid, isInfeasible, conflict } = answerRoster(
      { ...job, ground: { ...ground, posts }, seconds: 0 },
      watch,
      highs,
    )
    expect([grid, isInfeasible]).toEqual([null, true])
    expect(conflict!.rules.map(({ rule, detail }) => [rule, detail['postId'] ?? null])).toContainEqual([
      'R07',
      'station-2-desk',
    ])
  })

  it('says nothing of there being none where it was stopped', () => {
    const stopped = { ...watch, shouldStop: () => true }
    const { grid, isInfeasible, conflict } = answerRoster(job, stopped, highs)
    expect([grid, isInfeasible, conflict]).toEqual([null, false, null])
  })
})
