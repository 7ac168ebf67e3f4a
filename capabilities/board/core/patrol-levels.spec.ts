import { describe, expect, it } from 'vitest'
import type { OrganisationId, UnitStatus } from '../../force/core/index.ts'
import {
  DEFAULT_PATROL_LEVELS,
  checkPatrolLevels,
  coveredOrganisations,
  refuseFaultyLevels,
  type PatrolLevel,
  type PatrolLevels,
} from './patrol-levels.ts'

const organisations = [
  { id: 'bureau' as OrganisationId, parentId: null },
  { id: 'station' as OrganisationId, parentId: 'bureau' as OrganisationId },
  { id: 'post' as OrganisationId, parentId: 'station' as OrganisationId },
]
const levels = (over: Partial<PatrolLevels>): PatrolLevels => ({ ...DEFAULT_PATROL_LEVELS, ...over })
const first = DEFAULT_PATROL_LEVELS.levels[0]!
const level = (over: Partial<PatrolLevel>): PatrolLevel => ({ ...first, ...over })
const faultsOf = (proposed: PatrolLevels) =>
  checkPatrolLevels(proposed, organisations).map(({ path, code }) => `${path} ${code}`)

describe('patrol levels', () => {
  it('starts with two thirds every day and everybody at level 1', () => {
    expect(faultsOf(DEFAULT_PATROL_LEVELS)).toEqual([])
    expect(DEFAULT_PATROL_LEVELS.normalTarget).toEqual({ numerator: 2, denominator: 3 })
    expect(first.target).toEqual({ numerator: 1, denominator: 1 })
  })

  it('points at every fault at once', () => {
    const proposed = levels({
      countingStatuses: ['patrolling', 'off-duty', 'patrolling', 'dancing' as UnitStatus],
      levels: [
        level({ target: { numerator: 3, denominator: 2 }, nameZh: ' ' }),
        level({
          chaseAfterSeconds: 1,
          covers: { organisationIds: ['nowhere' as OrganisationId], auxiliaries: true },
        }),
      ],
    })
    expect(faultsOf(proposed)).toEqual([
      'countingStatuses/1 status-never-on-street',
      'countingStatuses/2 twice',
      'countingStatuses/3 status-unknown',
      'levels/0/nameZh empty',
      'levels/0/target/numerator not-a-whole-number-in-range',
      'levels/1/level twice',
      'levels/1/covers/organisationIds/0 organisation-unknown',
      'levels/1/chaseAfterSeconds not-a-whole-number-in-range',
    ])
    expect(refuseFaultyLevels(proposed, organisations)).toMatchObject({
      refused: 'invalid-patrol-levels',
      field: 'countingStatuses/1',
    })
  })

  it('wants a higher level to ask for no less than a lower one or than every day', () => {
    const half = { numerator: 1, denominator: 2 }
    expect(faultsOf(levels({ levels: [level({ target: half }), level({ level: 2 })] }))).toEqual([
      'levels/0/target below-normal-target',
      'levels/0/target below-lower-level',
    ])
  })

  it('wants patrolling to count, or no call-out could ever raise the strength', () => {
    expect(faultsOf(levels({ countingStatuses: ['on-scene'] }))).toEqual([
      'countingStatuses patrolling-must-count',
    ])
  })

  it('covers an organisation with everything below it', () => {
    const station = { organisationIds: ['station' as OrganisationId], auxiliaries: true }
    expect([...coveredOrganisations(station, organisations)]).toEqual(['station', 'post'])
  })
})
