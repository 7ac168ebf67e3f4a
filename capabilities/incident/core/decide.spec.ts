import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { decide, type IncidentBooks, type IncidentCommand } from './decide.ts'
import { DEFAULT_DISPOSITIONS } from './disposition.ts'
import { evolve, opened, replay } from './evolve.ts'
import { DEFAULT_GRADING_RULES, proposeLevel } from './grading.ts'
import type { Incident, IncidentEvent, TimelineEntry, UnitEventData } from './incident.ts'
import { DEFAULT_INCIDENT_TYPES } from './incident-type.ts'
import { LEVELS, type Level } from './level.ts'
import { OPEN_STAGES } from './stage.ts'
import type { IncidentId, ReportId } from './types.ts'

const books: IncidentBooks = { types: DEFAULT_INCIDENT_TYPES, dispositions: DEFAULT_DISPOSITIONS }
const id = 'i-1' as IncidentId
const begin: IncidentEvent = {
  type: 'opened',
  data: {
    number: '20161024-0031',
    origin: 'citizen',
    isHourDrawn: false,
    reportId: 'r-1' as ReportId,
    typeCode: '0201',
    summary: '广场有人打架',
    address: '站前广场',
    position: { lon: 121.47, lat: 31.23 },
    peopleCount: 4,
    circumstances: [],
    organisationId: 'station-1',
    keyPlaceId: null,
  },
}
const proposal = proposeLevel(
  { type: DEFAULT_INCIDENT_TYPES[0]!, peopleCount: 4, circumstances: [], keyPlaceId: null, localHour: 3 },
  DEFAULT_GRADING_RULES,
)
const unit: UnitEventData = { assignmentId: 'a-1', unitId: 'u-1', callSign: '城东01', role: 'handle' }

/** given events, when a command, then events. */
const given = (...events: IncidentEvent[]): Incident =>
  events.reduce((state, event) => evolve(state, event, 1), opened(id, begin, 0))
const when = (state: Incident, command: IncidentCommand) => decide(state, command, books)
const levelSet = (level: Level): IncidentEvent => ({ type: 'level-confirmed', data: { level, from: null } })
const arrived: IncidentEvent = { type: 'unit-arrived', data: unit }

describe('confirming a level', () => {
  const proposed = given({ type: 'level-proposed', data: proposal })

  it('takes the proposed level without a reason', () => {
    expect(when(proposed, { do: 'confirm-level', level: 'major', reason: null })).toEqual([levelSet('major')])
  })
  it('refuses another level without a reason', () => {
    for (const reason of [null, '', '  ']) {
      expect(when(proposed, { do: 'confirm-level', level: 'general', reason })).toMatchObject({
        refused: 'override-reason-required',
        field: 'reason',
      })
    }
  })
  it('takes another level with a reason and keeps what had been proposed', () => {
    expect(when(proposed, { do: 'confirm-level', level: 'general', reason: '系误报' })).toEqual([
      {
        type: 'level-overridden',
        data: { level: 'general', from: null, proposed: 'major', reason: '系误报' },
      },
    ])
  })
  it('is for the first time only; afterwards one escalates or de-escalates', () => {
    expect(
      when(given({ type: 'level-proposed', data: proposal }, levelSet('major')), {
        do: 'confirm-level',
        level: 'major',
        reason: null,
      }),
    ).toMatchObject({
      refused: 'level-already-set',
    })
  })
  it('waits for the proposal', () => {
    expect(when(given(), { do: 'confirm-level', level: 'major', reason: null })).toMatchObject({
      refused: 'level-not-proposed',
    })
  })
})

describe('escalation', () => {
  it('goes up only, with a reason, and calls for reinforcement', () => {
    const complex = given(levelSet('complex'))
    expect(when(complex, { do: 'escalate', level: 'major', reason: '人数增加' })).toEqual([
      { type: 'escalated', data: { level: 'major', from: 'complex', reason: '人数增加' } },
      { type: 'stage-changed', data: { from: 'response', to: 'reinforcement', reason: '人数增加' } },
    ])
    expect(when(complex, { do: 'escalate', level: 'complex', reason: '人数增加' })).toMatchObject({
      refused: 'level-not-higher',
    })
    expect(when(complex, { do: 'escalate', level: 'major', reason: ' ' })).toMatchObject({
      refused: 'reason-required',
    })
    expect(when(complex, { do: 'de-escalate', level: 'major', reason: '平息' })).toMatchObject({
      refused: 'level-not-lower',
    })
    expect(when(given(), { do: 'escalate', level: 'major', reason: '平息' })).toMatchObject({
      refused: 'level-not-set',
    })
  })
})

describe('stages', () => {
  it('follow the table, forward freely and back with a reason', () => {
    const handling = given(arrived, {
      type: 'stage-changed',
      data: { from: 'response', to: 'handling', reason: null },
    })
    expect(when(given(), { do: 'advance-stage', stage: 'mediation', reason: null })).toMatchObject({
      refused: 'stage-order',
    })
    expect(when(handling, { do: 'advance-stage', stage: 'mediation', reason: null })).not.toHaveProperty(
      'refused',
    )
    expect(when(handling, { do: 'advance-stage', stage: 'reinforcement', reason: null })).toMatchObject({
      refused: 'reason-required',
    })
    expect(when(handling, { do: 'advance-stage', stage: 'response', reason: 'x' })).toMatchObject({
      refused: 'stage-order',
    })
  })
  it('begin handling by themselves when the first unit is there', () => {
    expect(when(given(arrived), { do: 'unit-arrived' })).toEqual([
      { type: 'stage-changed', data: { from: 'response', to: 'handling', reason: null } },
    ])
  })
})

describe('closing', () => {
  it('needs someone who was there for a result that says what was found there', () => {
    const graded = given(levelSet('general'))
    expect(when(graded, { do: 'close', dispositionCode: 'mediated', result: '' })).toMatchObject({
      refused: 'disposition-needs-scene',
    })
    expect(when(graded, { do: 'close', dispositionCode: 'by-telephone', result: '' })).toHaveLength(1)
    expect(when(given(arrived), { do: 'close', dispositionCode: 'mediated', result: '' })).toMatchObject({
      refused: 'level-not-confirmed',
    })
    expect(
      when(given(arrived, levelSet('general')), {
        do: 'close',
        dispositionCode: 'mediated',
        result: '双方和解',
      }),
    ).toHaveLength(1)
    expect(when(graded, { do: 'close', dispositionCode: 'vanished', result: '' })).toMatchObject({
      refused: 'invalid-disposition',
    })
  })
  it('is undone by reopening with a reason, at the stage where it stood', () => {
    const closed = given(
      arrived,
      { type: 'stage-changed', data: { from: 'response', to: 'handling', reason: null } },
      { type: 'closed', data: { dispositionCode: 'mediated', result: '' } },
    )
    expect(when(closed, { do: 'reopen', reason: '' })).toMatchObject({ refused: 'reason-required' })
    expect(when(closed, { do: 'advance-stage', stage: 'mediation', reason: null })).toMatchObject({
      refused: 'incident-closed',
    })
    const again = evolve(closed, { type: 'reopened', data: { reason: '再次冲突' } }, 9)
    expect(again).toMatchObject({ status: 'open', stage: 'handling' })
    expect(again).not.toHaveProperty('closedAt')
  })
})

describe('merging', () => {
  const other = { ...given(), id: 'i-2' as IncidentId, number: '20161024-0032' }
  it('ends the one and leads to the other, with a reason', () => {
    const merged = when(given(), { do: 'merge', into: other, reason: '同一警情' })
    expect(merged).toEqual([
      { type: 'merged', data: { intoId: 'i-2', intoNumber: '20161024-0032', reason: '同一警情' } },
    ])
  })
  it('refuses itself, what has ended, and no reason', () => {
    expect(when(given(), { do: 'merge', into: given(), reason: 'x' })).toMatchObject({
      refused: 'merge-into-itself',
    })
    expect(when(given(), { do: 'merge', into: other, reason: ' ' })).toMatchObject({
      refused: 'reason-required',
    })
    const ended = evolve(other, { type: 'merged', data: { intoId: id, intoNumber: '', reason: '' } }, 5)
    expect(when(given(), { do: 'merge', into: ended, reason: 'x' })).toMatchObject({
      refused: 'merge-target-ended',
    })
  })
})

describe('use of force', () => {
  it('is never recorded without its justification', () => {
    const force = { kind: 'restraint', unitId: null, justification: ' ', warning: '' } as const
    expect(when(given(), { do: 'record-force', force })).toMatchObject({ refused: 'justification-required' })
  })
})

const text = fc.constantFrom('', ' ', '现场扩大')
const level = fc.constantFrom(...LEVELS)
const anyCommand: fc.Arbitrary<IncidentCommand | { do: 'arrive' }> = fc.oneof(
  fc.record({
    do: fc.constant('propose-level' as const),
    proposal: level.map((each) => ({ ...proposal, level: each })),
  }),
  fc.record({ do: fc.constant('confirm-level' as const), level, reason: text }),
  fc.record({ do: fc.constant('escalate' as const), level, reason: text }),
  fc.record({ do: fc.constant('de-escalate' as const), level, reason: text }),
  fc.record({
    do: fc.constant('advance-stage' as const),
    stage: fc.constantFrom(...OPEN_STAGES),
    reason: text,
  }),
  fc.record({ do: fc.constant('unit-arrived' as const) }),
  fc.record({ do: fc.constant('arrive' as const) }),
  fc.record({ do: fc.constant('add-note' as const), text }),
  fc.record({
    do: fc.constant('close' as const),
    dispositionCode: fc.constantFrom('mediated', 'by-telephone', 'nonsense'),
    result: text,
  }),
  fc.record({ do: fc.constant('reopen' as const), reason: text }),
  fc.record({
    do: fc.constant('merge' as const),
    into: fc.constant({ ...given(), id: 'i-2' as IncidentId }),
    reason: text,
  }),
  fc.record({
    do: fc.constant('change-details' as const),
    changes: fc.record({ peopleCount: fc.constantFrom(-1, 3, 40) }),
    finding: fc.constant(null),
  }),
)

describe('any life of an incident', () => {
  it('reaches no illegal state, and its timeline leads to the same state again', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => {
        const timeline: TimelineEntry[] = [entry(1, begin)]
        let state = opened(id, begin, 1)
        for (const command of commands) {
          const events = command.do === 'arrive' ? [arrived] : decide(state, command, books)
          if (isRefusal(events)) continue
          for (const event of events) {
            const before = state
            timeline.push(entry(timeline.length + 1, event))
            state = evolve(state, event, timeline.length)
            checkStep(before, state, event)
          }
        }
        expect(replay(id, timeline)).toEqual(state)
      }),
      { numRuns: 400 },
    )
  })
})

function entry(sequence: number, event: IncidentEvent): TimelineEntry {
  return { sequence, at: sequence, accountId: null, accountName: 'system', event }
}

function checkStep(before: Incident, after: Incident, event: IncidentEvent) {
  const isUnit = event.type === 'unit-arrived'
  if (before.status !== 'open' && !isUnit)
    expect(['reopened', 'note-added', 'report-attached']).toContain(event.type)
  if (after.status === 'closed') {
    expect(after.dispositionCode).not.toBe('nonsense')
    if (after.dispositionCode === 'mediated') expect(after.level).not.toBeNull()
  }
  if ('closedAt' in after) expect(after.status).toBe('closed')
  if ('mergedIntoId' in after) expect(after.status).toBe('merged')
  if (event.type === 'level-overridden' || event.type === 'escalated' || event.type === 'de-escalated')
    expect(event.data.reason.trim()).not.toBe('')
  if (after.level === null) expect(before.level).toBeNull()
  expect(after.version).toBeGreaterThanOrEqual(before.version)
  expect(after.peopleCount === null || after.peopleCount >= 0).toBe(true)
}
