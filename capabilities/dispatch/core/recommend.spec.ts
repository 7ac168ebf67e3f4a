import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNIT_STATUSES } from '../../force/core/index.ts'
import {
  DEFAULT_RESPONSE_PLAN,
  getLevelPlan,
  LEVELS,
  type LevelPlan,
  type PlanDemand,
} from '../../incident/core/index.ts'
import type { CandidateUnit, Commitment, DispatchSituation } from './candidate.ts'
import { DEFAULT_NOTICE_POLICY, toldFirst } from './notices.ts'
import { DEFAULT_RECOMMENDATION_POLICY, recommend } from './recommend.ts'
import { orderStandBy } from './stand-by.ts'

const here: DispatchSituation = { incidentId: 'i', stationId: 'east', namedOrganisationIds: [] }

const unit = (
  unitId: string,
  seconds: number | null,
  changes: Partial<CandidateUnit> = {},
): CandidateUnit => ({
  unitId,
  callSign: unitId,
  organisationId: 'east',
  organisationKind: 'station',
  status: 'patrolling',
  skills: [],
  position: { lon: 0, lat: 0 },
  positionAgeSeconds: 5,
  travel: seconds === null ? null : { basis: 'road', seconds, metres: seconds * 10 },
  commitment: null,
  ...changes,
})
const special = (unitId: string, seconds: number, changes: Partial<CandidateUnit> = {}) =>
  unit(unitId, seconds, { organisationId: 'special', organisationKind: 'special-patrol', ...changes })
const west = (unitId: string, seconds: number, changes: Partial<CandidateUnit> = {}) =>
  unit(unitId, seconds, { organisationId: 'west', ...changes })
const bound = (role: 'handle' | 'stand-by', incidentId: string): Commitment => ({
  assignmentId: `${role}-${incidentId}`,
  incidentId,
  incidentNumber: `20161024-${incidentId}`,
  role,
  state: 'acknowledged',
})
const wants = (
  units: number | 'all',
  from: PlanDemand['from'],
  skills: string[] = [],
  per: PlanDemand['per'] = 'total',
): PlanDemand => ({ units, from, skills, per })
const plan = (handle: PlanDemand[], standBy: PlanDemand[] = []): LevelPlan => ({
  level: 'complex',
  handle,
  standBy,
  lead: ['sub-bureau'],
})
const advise = (units: CandidateUnit[], of: LevelPlan, situation = here) =>
  recommend(units, of, situation, DEFAULT_RECOMMENDATION_POLICY)
const idsOf = (list: readonly { unitId: string }[]) => list.map(({ unitId }) => unitId)

describe('recommendation', () => {
  it('sends the nearest unit of the force that the plan means, by road time', () => {
    const advice = advise(
      [unit('e1', 400), unit('e2', 200), west('w1', 50), special('s1', 300)],
      plan([wants(1, 'station-of-place'), wants(1, 'special-patrol')]),
    )
    expect(idsOf(advice.handle)).toEqual(['e2', 's1'])
    expect(idsOf(advice.alternatives)).toEqual(['w1', 'e1'])
    expect(advice.handle[0]!.reasons).toEqual([
      { id: 'meets-demand', row: 1, from: 'station-of-place' },
      { id: 'travel', seconds: 200, metres: 2000 },
    ])
  })

  it('does not spend the only unit with a skill where any unit would do', () => {
    const advice = advise(
      [unit('shield', 100, { skills: ['shield'] }), unit('plain', 300)],
      plan([wants(1, 'station-of-place'), wants(1, 'station-of-place', ['shield'])]),
    )
    expect(idsOf(advice.handle)).toEqual(['plain', 'shield'])
    expect(advice.shortfall).toEqual([])
  })

  it('flags an old position and a straight line, and ranks the old one lower', () => {
    const advice = advise(
      [
        unit('old', 100, { positionAgeSeconds: 300 }),
        unit('line', 150, { travel: { basis: 'straight-line', seconds: 150, metres: 900 } }),
      ],
      plan([wants(1, 'station-of-place')]),
    )
    expect(advice.handle[0]).toMatchObject({ unitId: 'line', isStraightLine: true, isStale: false })
    expect(advice.alternatives[0]).toMatchObject({ unitId: 'old', isStale: true })
    expect(advice.alternatives[0]!.reasons).toContainEqual({ id: 'stale-position', ageSeconds: 300 })
  })

  it('says for each unit left out why it cannot be sent', () => {
    const advice = advise(
      [
        unit('home', 10, { status: 'off-duty' }),
        unit('busy', 10, { status: 'on-scene', commitment: bound('handle', '0007') }),
        unit('lost', null, { position: null, positionAgeSeconds: null }),
        unit('silent', 10, { positionAgeSeconds: 4000 }),
      ],
      plan([wants(1, 'station-of-place')]),
    )
    expect(advice.disqualified.map(({ unitId, because }) => [unitId, because.map(({ id }) => id)])).toEqual([
      ['home', ['not-on-duty']],
      ['busy', ['handles-other-incident']],
      ['lost', ['position-unknown']],
      ['silent', ['position-expired']],
    ])
    expect(advice.shortfall).toEqual([
      {
        role: 'handle',
        row: 1,
        from: 'station-of-place',
        organisationId: null,
        skills: [],
        wanted: 1,
        found: 0,
        inScope: 4,
        onDuty: 3,
        free: 2,
        skilled: 2,
      },
    ])
  })

  it('never takes a unit from stand-by for another incident by itself, but offers it', () => {
    const advice = advise(
      [
        unit('reserved', 10, { status: 'stand-by', commitment: bound('stand-by', '0007') }),
        unit('free', 500),
      ],
      plan([wants(2, 'station-of-place')]),
    )
    expect(idsOf(advice.handle)).toEqual(['free'])
    expect(advice.alternatives[0]).toMatchObject({ unitId: 'reserved', preemptsIncidentId: '0007' })
    expect(advice.shortfall[0]).toMatchObject({ wanted: 2, found: 1 })
  })

  it('prefers the unit that stands by for this incident, and counts those already sent', () => {
    const units = [
      unit('sent', 10, { status: 'en-route', commitment: bound('handle', 'i') }),
      unit('ready', 140, { status: 'stand-by', commitment: bound('stand-by', 'i') }),
      unit('free', 100),
    ]
    const advice = advise(units, plan([wants(2, 'station-of-place')]))
    expect(advice.alreadyHandling).toEqual([{ unitId: 'sent', callSign: 'sent' }])
    expect(idsOf(advice.handle)).toEqual(['ready'])
    expect(advice.handle[0]!.reasons).toContainEqual({ id: 'stands-by-here' })
  })

  it('takes forces that the commander names where the plan leaves them open', () => {
    const units = [west('w1', 900), unit('e1', 10)]
    expect(idsOf(advise(units, plan([wants(1, 'named')])).handle)).toEqual(['e1'])
    expect(
      idsOf(advise(units, plan([wants(1, 'named')]), { ...here, namedOrganisationIds: ['west'] }).handle),
    ).toEqual(['w1'])
  })
})

describe('stand-by', () => {
  it('goes out by echelon, one from each other station, nearest first', () => {
    const advice = orderStandBy(
      [
        special('s1', 50),
        west('w1', 300),
        west('w2', 200),
        unit('n1', 100, { organisationId: 'north' }),
        unit('e1', 10),
      ],
      plan(
        [wants(1, 'station-of-place')],
        [wants(1, 'special-patrol'), wants(1, 'other-stations', [], 'organisation')],
      ),
      here,
    )
    expect(advice.orders.map(({ unitId, echelon }) => [unitId, echelon])).toEqual([
      ['s1', 1],
      ['n1', 2],
      ['w2', 2],
    ])
  })

  it('orders everyone on duty at a major incident, and nobody who is off duty or bound elsewhere', () => {
    const units = [
      unit('e1', 10),
      special('s1', 20),
      west('w1', 30, { status: 'break' }),
      west('w2', 30, { status: 'off-duty' }),
      west('w3', 30, { status: 'on-scene', commitment: bound('handle', '0007') }),
    ]
    const advice = orderStandBy(units, getLevelPlan(DEFAULT_RESPONSE_PLAN, 'major'), here)
    expect(idsOf(advice.orders)).toEqual(['e1', 's1', 'w1'])
    expect(advice.shortfall).toEqual([])
  })

  it('keeps those who already stand by, and lets go whom the new level no longer wants', () => {
    const units = [
      special('s1', 90, { status: 'stand-by', commitment: bound('stand-by', 'i') }),
      special('s2', 10),
      west('w1', 30, { status: 'stand-by', commitment: { ...bound('stand-by', 'i'), assignmentId: 'w1-a' } }),
    ]
    const advice = orderStandBy(units, getLevelPlan(DEFAULT_RESPONSE_PLAN, 'general'), here)
    expect(advice).toEqual({
      orders: [],
      keepAssignmentIds: ['stand-by-i'],
      releaseAssignmentIds: ['w1-a'],
      shortfall: [],
    })
  })

  it('says what it cannot get', () => {
    expect(
      orderStandBy([unit('e1', 5)], getLevelPlan(DEFAULT_RESPONSE_PLAN, 'general'), here).shortfall,
    ).toMatchObject([{ role: 'stand-by', from: 'special-patrol', wanted: 1, found: 0, inScope: 0 }])
  })
})

describe('being told first', () => {
  it('is for the nearest free units within the limit', () => {
    const units = [
      unit('a', 100),
      unit('b', 50),
      unit('far', 9000),
      unit('silent', 10, { positionAgeSeconds: 1801 }),
      unit('busy', 10, { commitment: bound('handle', '7') }),
      unit('c', 70),
      unit('d', 80),
      unit('e', 90),
    ]
    expect(idsOf(toldFirst(units, DEFAULT_NOTICE_POLICY, 1800))).toEqual(['b', 'c', 'd', 'e'])
  })
})

const anyUnit = fc.record({
  organisation: fc.constantFrom(
    ...([
      ['east', 'station'],
      ['west', 'station'],
      ['north', 'station'],
      ['special', 'special-patrol'],
      ['bureau', 'sub-bureau'],
    ] as const),
  ),
  status: fc.constantFrom(...UNIT_STATUSES),
  skills: fc.subarray(['shield', 'medic']),
  age: fc.option(fc.nat(4000), { nil: null }),
  seconds: fc.nat(2000),
  commitment: fc.option(
    fc.tuple(fc.constantFrom('handle' as const, 'stand-by' as const), fc.constantFrom('i', '0007')),
    { nil: null, freq: 3 },
  ),
})
const anyDemand = fc.record({
  from: fc.constantFrom(
    ...(['station-of-place', 'special-patrol', 'other-stations', 'sub-bureau', 'named', 'everyone'] as const),
  ),
  units: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant('all' as const)),
  per: fc.constantFrom('total' as const, 'organisation' as const),
  skills: fc.subarray(['shield', 'medic']),
})

describe('any recommendation', () => {
  it('names nobody twice, sends nobody who cannot go, and counts what is missing', () => {
    fc.assert(
      fc.property(
        fc.array(anyUnit, { maxLength: 30 }),
        fc.array(anyDemand, { minLength: 1, maxLength: 4 }),
        fc.array(anyDemand, { maxLength: 3 }),
        fc.constantFrom(...LEVELS),
        (drawn, handle, standBy, level) => {
          const units = drawn.map(({ organisation, status, skills, age, seconds, commitment }, index) =>
            unit(`u${String(index).padStart(2, '0')}`, age === null ? null : seconds, {
              organisationId: organisation[0],
              organisationKind: organisation[1],
              status,
              skills,
              positionAgeSeconds: age,
              position: age === null ? null : { lon: 0, lat: 0 },
              commitment: commitment && { ...bound(commitment[0], commitment[1]), assignmentId: `a${index}` },
            }),
          )
          const byId = new Map(units.map((each) => [each.unitId, each]))
          const advice = advise(units, { level, handle, standBy, lead: ['sub-bureau'] })
          const spoken = [
            ...idsOf(advice.handle),
            ...idsOf(advice.alternatives),
            ...idsOf(advice.disqualified),
            ...idsOf(advice.alreadyHandling),
          ]
          expect(spoken.toSorted()).toEqual(units.map(({ unitId }) => unitId))
          for (const { unitId, preemptsIncidentId, reasons } of advice.handle) {
            const chosen = byId.get(unitId)!
            expect(['off-duty', 'out-of-service']).not.toContain(chosen.status)
            expect(chosen.commitment === null || chosen.commitment.incidentId === 'i').toBe(true)
            expect(preemptsIncidentId).toBeNull()
            expect(reasons.map(({ id }) => id)).toContain('travel')
          }
          const sent = new Set([...idsOf(advice.handle), ...idsOf(advice.alreadyHandling)])
          for (const order of advice.standBy.orders) {
            expect(sent.has(order.unitId)).toBe(false)
            expect(byId.get(order.unitId)!.commitment).toBeNull()
          }
          for (const { wanted, found, inScope, onDuty, free } of advice.shortfall) {
            expect(found).toBeLessThan(wanted)
            expect(inScope >= onDuty && onDuty >= free).toBe(true)
          }
          expect(new Set(idsOf(advice.standBy.orders)).size).toBe(advice.standBy.orders.length)
        },
      ),
      { numRuns: 300 },
    )
  })
})
