import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import {
  decideAssignment,
  evolveAssignment,
  RELEASE_CAUSES,
  type Assignment,
  type AssignmentCommand,
  type AssignmentId,
} from './assignment.ts'
import { chaseDue, DEFAULT_CHASE_POLICY } from './chase.ts'

const ordered: Assignment = {
  id: 'a' as AssignmentId,
  incidentId: 'i',
  unitId: 'u',
  callSign: '城东01',
  organisationId: 'o',
  role: 'handle',
  state: 'ordered',
  echelon: 1,
  orderedAt: 0,
  askedAt: 0,
  acknowledgedAt: null,
  departedAt: null,
  arrivedAt: null,
  releasedAt: null,
  releaseCause: null,
  chaseCount: 0,
  lastChasedAt: null,
  chaseEscalatedAt: null,
  version: 1,
}
const standBy: Assignment = { ...ordered, role: 'stand-by', echelon: 3 }

function after(start: Assignment, ...commands: AssignmentCommand[]): Assignment {
  return commands.reduce((state, command, index) => {
    const events = decideAssignment(state, command)
    if (isRefusal(events)) throw new Error(events.refused)
    return events.reduce((each, event) => evolveAssignment(each, event, (index + 1) * 10), state)
  }, start)
}
const typesOf = (start: Assignment, command: AssignmentCommand) => {
  const events = decideAssignment(start, command)
  return isRefusal(events) ? events.refused : events.map(({ type }) => type)
}

describe('an assignment', () => {
  it('goes from order to clearing step by step', () => {
    const ended = after(
      ordered,
      { do: 'acknowledge' },
      { do: 'depart' },
      { do: 'arrive' },
      { do: 'release', cause: 'cleared', reason: null },
    )
    expect(ended).toMatchObject({
      state: 'cleared',
      acknowledgedAt: 10,
      departedAt: 20,
      arrivedAt: 30,
      releasedAt: 40,
      releaseCause: 'cleared',
      version: 5,
    })
  })
  it('takes a later step as proof of the earlier ones, and says that they are implied', () => {
    expect(decideAssignment(ordered, { do: 'arrive' })).toEqual([
      { type: 'acknowledged', implied: true },
      { type: 'departed', implied: true },
      { type: 'arrived' },
    ])
  })
  it('hears the same tap twice as once', () => {
    expect(typesOf(after(ordered, { do: 'arrive' }), { do: 'arrive' })).toEqual([])
    expect(typesOf(after(ordered, { do: 'depart' }), { do: 'acknowledge' })).toEqual([])
  })
  it('is released, not cleared, when the unit never got there', () => {
    expect(after(ordered, { do: 'release', cause: 'recalled', reason: '改派' }).state).toBe('released')
  })
  it('is not taken away without a reason', () => {
    expect(typesOf(ordered, { do: 'release', cause: 'recalled', reason: ' ' })).toBe('reason-required')
    expect(typesOf(standBy, { do: 'release', cause: 'pre-empted', reason: null })).toBe('reason-required')
  })
  it('keeps a stand-by unit where it is until it is promoted, and then asks it anew', () => {
    expect(typesOf(standBy, { do: 'depart' })).toBe('stand-by-stays')
    const promoted = after(standBy, { do: 'acknowledge' }, { do: 'promote' })
    expect(promoted).toMatchObject({
      role: 'handle',
      state: 'ordered',
      askedAt: 20,
      acknowledgedAt: null,
      orderedAt: 0,
    })
    expect(typesOf(promoted, { do: 'depart' })).toEqual(['acknowledged', 'departed'])
  })
  it('is over when it is over', () => {
    const ended = after(ordered, { do: 'release', cause: 'cleared', reason: null })
    for (const command of [{ do: 'arrive' }, { do: 'promote' }, { do: 'chase' }] as const)
      expect(typesOf(ended, command)).toBe('assignment-ended')
  })

  it('never reaches an illegal state, whatever is asked in whatever order', () => {
    const command: fc.Arbitrary<AssignmentCommand> = fc.oneof(
      fc.constantFrom<AssignmentCommand>(
        { do: 'acknowledge' },
        { do: 'depart' },
        { do: 'arrive' },
        { do: 'promote' },
        { do: 'chase' },
        { do: 'escalate-chase' },
      ),
      fc.record({
        do: fc.constant('release' as const),
        cause: fc.constantFrom(...RELEASE_CAUSES),
        reason: fc.constantFrom(null, '', '改派'),
      }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(ordered, standBy),
        fc.array(command, { maxLength: 30 }),
        (start, commands) => {
          let state = start
          let at = 0
          for (const each of commands) {
            const events = decideAssignment(state, each)
            if (isRefusal(events)) continue
            for (const event of events) state = evolveAssignment(state, event, (at += 1))
            expect(state.releasedAt === null).toBe(!['cleared', 'released'].includes(state.state))
            expect(state.releaseCause === null).toBe(state.releasedAt === null)
            if (state.role === 'stand-by') expect(state.departedAt).toBeNull()
            if (state.state === 'on-scene' || state.state === 'cleared')
              expect(state.arrivedAt).not.toBeNull()
            if (state.arrivedAt !== null) expect(state.departedAt).toBeLessThanOrEqual(state.arrivedAt)
            if (state.departedAt !== null) expect(state.acknowledgedAt).toBeLessThanOrEqual(state.departedAt)
          }
        },
      ),
    )
  })
})

describe('chasing', () => {
  const { firstAfterSeconds, againAfterSeconds, chasesBeforeEscalation } = DEFAULT_CHASE_POLICY
  const due = (changes: Partial<Assignment>, seconds: number) =>
    chaseDue({ ...ordered, ...changes }, DEFAULT_CHASE_POLICY, seconds * 1000)

  it('begins when the order has stood unanswered long enough', () => {
    expect(due({}, firstAfterSeconds - 1)).toBeNull()
    expect(due({}, firstAfterSeconds)).toBe('chase')
  })
  it('is repeated and then goes to the leader, once', () => {
    expect(due({ chaseCount: 1, lastChasedAt: 60_000 }, 60 + againAfterSeconds - 1)).toBeNull()
    expect(due({ chaseCount: 1, lastChasedAt: 60_000 }, 60 + againAfterSeconds)).toBe('chase')
    expect(due({ chaseCount: chasesBeforeEscalation, lastChasedAt: 60_000 }, 500)).toBe('escalate-chase')
    expect(
      due({ chaseCount: chasesBeforeEscalation, lastChasedAt: 60_000, chaseEscalatedAt: 1 }, 5000),
    ).toBeNull()
  })
  it('ends with the answer, and begins again with a promotion', () => {
    expect(due({ state: 'acknowledged' }, 5000)).toBeNull()
    expect(due({ askedAt: 4_990_000 }, 5000)).toBeNull()
    expect(due({ askedAt: 4_900_000 }, 5000)).toBe('chase')
  })
})
