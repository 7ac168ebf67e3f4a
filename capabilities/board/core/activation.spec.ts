import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import {
  UNIT_STATUSES,
  decideStatus,
  nextStatuses,
  type ForceBoard,
  type OfficerId,
  type OrganisationId,
  type UnitId,
} from '../../force/core/index.ts'
import {
  evolve,
  isOpenOrder,
  isOutstanding,
  type Activation,
  type ActivationEvent,
  type ActivationId,
  type OrderId,
} from './activation.ts'
import { decide, type ActivationCommand } from './activation-decisions.ts'
import { forecastTarget } from './arrival-estimate.ts'
import { coveredOfficers, planCallOut } from './call-out.ts'
import { drawDistrict, withOfficer, withStatus } from './district.builder.ts'
import { DEFAULT_PATROL_LEVELS } from './patrol-levels.ts'
import { situationOf, standingsOf } from './situation.ts'

const { countingStatuses, levels } = DEFAULT_PATROL_LEVELS
const [level1, level2] = [levels[0]!, levels[1]!]
const MINUTE = 60_000

/** A district with a running activation: commands go in, the force follows the events as the server makes it. */
function playground(force: ForceBoard) {
  let activation: Activation | null = null
  let orderNumber = 0
  const nextOrderId = () => `order-${++orderNumber}` as OrderId
  const situation = () => situationOf(force, countingStatuses)
  const follow = (event: ActivationEvent) => {
    if (event.type === 'order-arrived' && event.moves) move(event.orderId, event.moves)
    if (event.type === 'order-closed' && event.returns.kind !== 'left') move(event.orderId, event.returns)
  }
  const move = (orderId: OrderId, to: object) => {
    const { subject } = activation!.orders.get(orderId)!
    if (subject.kind === 'unit' && 'status' in to) setStatus(subject.unitId, to.status as never)
    if (subject.kind === 'officer' && 'post' in to)
      force = withOfficer(force, subject.officerId, { post: to.post as never })
  }
  const setStatus = (unitId: UnitId, status: (typeof UNIT_STATUSES)[number]) => {
    const from = force.units.find((unit) => unit.id === unitId)!.status
    const step = decideStatus(from, status, 'system')
    if (isRefusal(step)) throw new Error(`illegal step ${from} → ${status}`)
    force = withStatus(force, unitId, status)
  }
  const send = (command: ActivationCommand, now: number) => {
    const outcome = decide(activation, command, now)
    if (isRefusal(outcome)) return outcome
    for (const event of outcome) {
      activation = evolve(activation, event, now)
      follow(event)
    }
    return outcome
  }
  return {
    send,
    activate: (terms = level1, now = 0) =>
      send(
        {
          kind: 'activate',
          id: 'activation' as ActivationId,
          districtId: 'org-0' as OrganisationId,
          terms,
          reason: 'drill',
          situation: situation(),
          nextOrderId,
        },
        now,
      ),
    reconcile: (now: number) => send({ kind: 'reconcile', situation: situation(), nextOrderId }, now),
    arrive: (orderId: OrderId, now: number) => send({ kind: 'arrive', orderId, situation: situation() }, now),
    standDown: (now: number) => send({ kind: 'stand-down', reason: 'over', situation: situation() }, now),
    forecast: (now: number) => forecastTarget(activation!, situation(), now),
    change: (step: (force: ForceBoard) => ForceBoard) => {
      force = step(force)
    },
    get force() {
      return force
    },
    get activation() {
      return activation!
    },
    get orders() {
      return [...activation!.orders.values()]
    },
    situation,
  }
}

const sketch = {
  stations: 2,
  units: [
    { of: 1, status: 'patrolling', crew: [{}, {}] },
    { of: 1, status: 'briefing', crew: [{}, { duty: 'off' }] },
    { of: 2, status: 'break', crew: [{}, {}] },
    { of: 2, status: 'out-of-service', crew: [{}] },
    { of: 2, status: 'off-duty', crew: [{ duty: 'off' }] },
  ],
  singles: [{ of: 1 }, { of: 2, capable: false }, { of: 2, post: 'street' }],
} as const

const officer = fc.record({
  sworn: fc.boolean(),
  capable: fc.boolean(),
  duty: fc.constantFrom('on' as const, 'on' as const, 'off' as const),
  post: fc.constantFrom('none' as const, 'none' as const, 'street' as const),
})
const district = fc
  .record({
    stations: fc.nat({ max: 3 }),
    units: fc.array(
      fc.record({
        of: fc.nat({ max: 3 }),
        status: fc.constantFrom(...UNIT_STATUSES),
        crew: fc.array(officer, { maxLength: 3 }),
      }),
      { maxLength: 7 },
    ),
    singles: fc.array(
      officer.chain((drawn) => fc.nat({ max: 3 }).map((of) => ({ ...drawn, of }))),
      { maxLength: 8 },
    ),
  })
  .map(drawDistrict)

describe('call-out', () => {
  it('calls units that are in as a whole and others singly, each with its reason', () => {
    const { lines, strength } = planCallOut(drawDistrict(sketch), level1, countingStatuses, 0)
    expect(strength).toMatchObject({ onStreet: 3, available: 8, needed: 8, gap: 5 })
    expect(lines.map((line) => [line.officerIds, line.reasons.map((reason) => reason.code)])).toEqual([
      [['unit-1.0'], ['unit-not-out', 'level-calls-everyone']],
      [
        ['unit-2.0', 'unit-2.1'],
        ['unit-not-out', 'level-calls-everyone'],
      ],
      [['unit-3.0'], ['unit-out-of-service', 'level-calls-everyone']],
      [['single-0'], ['officer-without-unit', 'level-calls-everyone']],
    ])
  })

  it('calls no more than a partial target asks for, and takes them where the share is lowest', () => {
    const { lines, notCalled } = planCallOut(drawDistrict(sketch), level2, countingStatuses, 0)
    // 5/6 of 8 is 7, 3 are out: the second station (1 of 4 out) gives its unit of two
    // before the first (2 of 4 out) gives its unit; after that both are level.
    expect(lines.map((line) => line.officerIds)).toEqual([
      ['unit-2.0', 'unit-2.1'],
      ['unit-1.0'],
      ['unit-3.0'],
    ])
    expect(notCalled).toEqual([
      { officerId: 'single-0', organisationId: 'org-1', because: 'target-met-without' },
    ])
  })

  it('leaves a unit to its incident even where its status is set not to count', () => {
    const force = drawDistrict({
      stations: 0,
      units: [{ of: 0, status: 'stand-by', crew: [{}] }],
      singles: [],
    })
    const { lines, notCalled } = planCallOut(force, level1, ['patrolling'], 0)
    expect(lines).toEqual([])
    expect(notCalled[0]).toMatchObject({ because: 'bound-to-incident' })
  })

  it('calls sworn officers only where a level covers no auxiliaries', () => {
    const force = drawDistrict({ stations: 0, units: [], singles: [{ of: 0 }, { of: 0, sworn: false }] })
    const swornOnly = { ...level1, covers: { organisationIds: 'all' as const, auxiliaries: false } }
    const { lines, strength } = planCallOut(force, swornOnly, countingStatuses, 0)
    expect(lines.map((line) => line.officerIds)).toEqual([['single-0']])
    expect(strength.available).toBe(1)
  })
})

describe('activation', () => {
  it('refuses a second one at the same level or below, and raises to a higher one', () => {
    const play = playground(drawDistrict(sketch))
    play.activate(level2)
    expect(play.activate(level2)).toMatchObject({ refused: 'activation-already-open' })
    const raised = play.activate(level1, MINUTE)
    expect(raised).toMatchObject([
      { type: 'raised', fromLevel: 2 },
      { type: 'order-made', order: { subject: { officerId: 'single-0' } } },
    ])
    expect(play.activate(level2)).toMatchObject({ refused: 'activation-already-open' })
    expect(play.activation.terms.level).toBe(1)
  })

  it('asks again at a higher level who had declined the lower one', () => {
    const play = playground(drawDistrict(sketch))
    play.activate(level2)
    const orderId = play.orders[0]!.id
    expect(play.send({ kind: 'decline', orderId, reason: '' }, 1)).toMatchObject({
      refused: 'decline-reason-required',
      field: 'reason',
    })
    play.send({ kind: 'decline', orderId, reason: 'guarding a suspect' }, 1)
    play.activate(level1, MINUTE)
    expect(play.activation.orders.get(orderId)?.state).toMatchObject({
      kind: 'withdrawn',
      because: 'asked-again',
    })
    const open = play.orders
      .filter(isOpenOrder)
      .flatMap((order) => play.situation().officersOf(order.subject))
    expect(new Set(open).size).toBe(open.length)
  })

  it('puts a unit on patrol and an officer on a foot post when they arrive', () => {
    const play = playground(drawDistrict(sketch))
    play.activate()
    for (const { id } of play.orders) {
      play.send({ kind: 'acknowledge', orderId: id }, MINUTE)
      play.arrive(id, 6 * MINUTE)
    }
    expect(play.force.units.map((unit) => unit.status)).toEqual([
      'patrolling',
      'patrolling',
      'patrolling',
      'out-of-service',
      'off-duty',
    ])
    expect(play.reconcile(6 * MINUTE)).toMatchObject([{ type: 'target-reached', onStreet: 8, available: 8 }])
    expect(play.reconcile(7 * MINUTE)).toEqual([])
    expect(play.arrive(play.orders[0]!.id, 8 * MINUTE)).toMatchObject({ refused: 'order-already-arrived' })
  })

  it('sees by itself that a unit has gone out, that one has gone off duty, and who has come on duty', () => {
    const play = playground(drawDistrict(sketch))
    play.activate()
    play.change((force) => withStatus(force, 'unit-1' as UnitId, 'patrolling'))
    play.change((force) => withOfficer(force, 'single-0' as OfficerId, { duty: 'off' }))
    play.change((force) => withOfficer(force, 'unit-4.0' as OfficerId, { duty: 'on' }))
    expect(play.reconcile(2 * MINUTE)).toMatchObject([
      { type: 'order-arrived', moves: null, tookSeconds: 120 },
      { type: 'order-withdrawn', because: 'off-duty' },
      { type: 'order-made', order: { subject: { kind: 'unit', unitId: 'unit-4' } } },
    ])
  })

  it('calls a crew singly when its unit breaks down on the way', () => {
    const play = playground(drawDistrict(sketch))
    play.activate()
    play.change((force) => withStatus(force, 'unit-2' as UnitId, 'out-of-service'))
    expect(play.reconcile(MINUTE)).toMatchObject([
      { type: 'order-withdrawn', because: 'unit-out-of-service' },
      { type: 'order-made', order: { subject: { kind: 'officer', officerId: 'unit-2.0' } } },
      { type: 'order-made', order: { subject: { kind: 'officer', officerId: 'unit-2.1' } } },
    ])
  })

  it('chases after the set time, again after the next, and tells the duty commander once after the last', () => {
    const play = playground(drawDistrict(sketch))
    play.activate()
    const types = (now: number) => {
      const outcome = play.send({ kind: 'chase' }, now)
      return isRefusal(outcome) ? [] : outcome.map((event) => event.type)
    }
    for (const { id } of play.orders.slice(1)) play.send({ kind: 'acknowledge', orderId: id }, 0)
    expect(types(2 * MINUTE - 1)).toEqual([])
    expect(types(2 * MINUTE)).toEqual(['order-chased'])
    expect(types(2 * MINUTE)).toEqual([])
    expect(types(4 * MINUTE)).toEqual(['order-chased'])
    expect(types(6 * MINUTE)).toEqual(['order-chased', 'order-escalated'])
    expect(types(8 * MINUTE)).toEqual(['order-chased'])
    // Those who answered are chased for their arrival once the default time is over.
    expect(types(15 * MINUTE)).toEqual(Array(4).fill('order-chased'))
  })

  it('returns who had come to the status before, and leaves a unit to its incident', () => {
    const play = playground(drawDistrict(sketch))
    play.activate()
    for (const { id } of play.orders) play.arrive(id, MINUTE)
    play.change((force) => withStatus(force, 'unit-2' as UnitId, 'en-route'))
    const events = play.standDown(60 * MINUTE)
    expect(events).toMatchObject([
      { type: 'order-closed', was: 'arrived', returns: { kind: 'unit', status: 'briefing' } },
      { type: 'order-closed', was: 'arrived', returns: { kind: 'left', because: 'bound-to-incident' } },
      { type: 'order-closed', was: 'arrived', returns: { kind: 'officer', post: 'none' } },
      { type: 'order-closed', was: 'arrived', returns: { kind: 'officer', post: 'none' } },
      { type: 'stood-down' },
    ])
    expect(play.force.units[1]!.status).toBe('briefing')
    expect(play.force.units[2]!.status).toBe('en-route')
    expect(play.standDown(61 * MINUTE)).toMatchObject({ refused: 'no-open-activation' })
    expect(play.activate(level1, 62 * MINUTE)).toMatchObject([{ type: 'started' }, {}, {}, {}])
  })

  it('at level 1 orders or already has out everybody who is on duty and capable', () => {
    fc.assert(
      fc.property(district, (force) => {
        const play = playground(force)
        play.activate()
        const standings = standingsOf(play.activation, play.situation())
        for (const one of coveredOfficers(force, level1, countingStatuses, 0))
          expect(one.onStreet || standings.get(one.officerId) === 'coming').toBe(true)
        const ordered = play.orders.flatMap(({ subject }) =>
          subject.kind === 'unit' ? subject.officerIds : [subject.officerId],
        )
        expect(new Set(ordered).size).toBe(ordered.length)
      }),
    )
  })

  it('reaches 100 % when everybody comes, and stand-down restores the force exactly', () => {
    fc.assert(
      fc.property(district, fc.constantFrom(level1, level2), (before, terms) => {
        const play = playground(before)
        play.activate(terms)
        for (const { id } of play.orders) expect(isRefusal(play.arrive(id, MINUTE))).toBe(false)
        play.reconcile(MINUTE)
        expect(play.forecast(MINUTE).kind).toBe('met')
        play.standDown(2 * MINUTE)
        expect(play.force).toEqual(before)
        expect(play.orders.some(isOpenOrder)).toBe(false)
      }),
    )
  })

  it('keeps one open order a subject and legal steps only, whatever happens in whatever order', () => {
    const deed = fc.record({
      what: fc.constantFrom('ack', 'decline', 'arrive', 'chase', 'duty', 'walk', 'raise', 'reconcile'),
      pick: fc.nat(),
      pause: fc.nat({ max: 5 * MINUTE }),
    })
    fc.assert(
      fc.property(district, fc.array(deed, { maxLength: 30 }), (force, deeds) => {
        const play = playground(force)
        play.activate(level2)
        let now = 0
        for (const { what, pick, pause } of deeds) {
          now += pause
          const order = play.orders[pick % (play.orders.length || 1)]
          const one = play.force.officers[pick % (play.force.officers.length || 1)]
          const unit = play.force.units[pick % (play.force.units.length || 1)]
          if (what === 'ack' && order) play.send({ kind: 'acknowledge', orderId: order.id }, now)
          if (what === 'decline' && order)
            play.send({ kind: 'decline', orderId: order.id, reason: 'court' }, now)
          if (what === 'arrive' && order) play.arrive(order.id, now)
          if (what === 'chase') play.send({ kind: 'chase' }, now)
          if (what === 'raise') play.activate(level1, now)
          if (what === 'duty' && one)
            play.change((at) =>
              withOfficer(at, one.id, { duty: one.duty === 'on' ? 'off' : 'on', post: 'none' }),
            )
          if (what === 'walk' && unit) {
            const next = nextStatuses(unit.status, 'dispatcher')
            play.change((at) => withStatus(at, unit.id, next[pick % next.length]!))
          }
          play.reconcile(now)
          const open = play.orders.filter(isOpenOrder).map(({ subject }) => subjectKey(subject))
          expect(new Set(open).size).toBe(open.length)
          const forecast = play.forecast(now)
          if (forecast.kind === 'expected') expect(forecast.minutesToTarget).toBeGreaterThan(0)
          if (forecast.kind === 'not-reachable') {
            expect(forecast.short).toBeGreaterThan(0)
            expect(forecast.lacking.length).toBeGreaterThanOrEqual(forecast.short)
            expect(forecast.lacking.some((one) => one.because === 'coming')).toBe(false)
          }
        }
        expect(isRefusal(play.standDown(now))).toBe(false)
        expect(play.orders.some((order) => isOpenOrder(order) || isOutstanding(order))).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

const subjectKey = (subject: { kind: 'unit'; unitId: string } | { kind: 'officer'; officerId: string }) =>
  subject.kind === 'unit' ? subject.unitId : subject.officerId

describe('minutes to target', () => {
  const twoSingles = drawDistrict({ stations: 0, units: [], singles: [{ of: 0 }, { of: 0 }, { of: 0 }] })

  it('starts from the default and moves towards the arrivals measured', () => {
    const play = playground(twoSingles)
    play.activate()
    expect(play.forecast(0)).toMatchObject({
      kind: 'expected',
      minutesToTarget: 15,
      basis: { measuredArrivals: 0, meanArrivalSeconds: 900 },
    })
    play.arrive(play.orders[0]!.id, 5 * MINUTE)
    // (5 min + 3 × 15 min) ÷ 4 = 12.5 min from the order; 5 have gone.
    expect(play.forecast(5 * MINUTE)).toMatchObject({
      minutesToTarget: 8,
      basis: { measuredArrivals: 1, meanArrivalSeconds: 750 },
    })
  })

  it('gives one who is late half the mean from now', () => {
    const play = playground(twoSingles)
    play.activate()
    expect(play.forecast(40 * MINUTE)).toMatchObject({ kind: 'expected', minutesToTarget: 8 })
  })

  it('says that the target is not reachable, with the names that lack and why', () => {
    const play = playground(twoSingles)
    play.activate()
    play.send({ kind: 'decline', orderId: play.orders[0]!.id, reason: 'injured' }, MINUTE)
    play.send({ kind: 'acknowledge', orderId: play.orders[2]!.id }, MINUTE)
    for (const minute of [2, 4, 6]) play.send({ kind: 'chase' }, minute * MINUTE)
    expect(play.forecast(6 * MINUTE)).toMatchObject({
      kind: 'not-reachable',
      short: 2,
      lacking: [
        { officerId: 'single-0', because: 'declined' },
        { officerId: 'single-1', because: 'no-answer' },
      ],
    })
  })
})
