import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import {
  BOUND_TO_INCIDENT,
  STATUS_TRANSITIONS,
  decideStatus,
  findTransition,
  nextStatuses,
} from './status-chain.ts'
import { STATUS_SOURCES, UNIT_STATUSES, type StatusSource, type UnitStatus } from './types.ts'

const status = fc.constantFrom(...UNIT_STATUSES)
const source = fc.constantFrom(...STATUS_SOURCES)

/** The statuses that `sources` can lead to from `from` by steps of the table. */
function reachable(from: UnitStatus, sources: readonly StatusSource[]): ReadonlySet<UnitStatus> {
  const found = new Set([from])
  for (const at of found) for (const by of sources) for (const to of nextStatuses(at, by)) found.add(to)
  return found
}

describe('status chain', () => {
  it('has one row for a step and one id for a row', () => {
    expect(new Set(STATUS_TRANSITIONS.map((step) => step.id)).size).toBe(STATUS_TRANSITIONS.length)
    expect(new Set(STATUS_TRANSITIONS.map((step) => `${step.from} ${step.to}`)).size).toBe(
      STATUS_TRANSITIONS.length,
    )
    for (const step of STATUS_TRANSITIONS) expect(step.from).not.toBe(step.to)
  })

  it('never reaches a status by a step that the table lacks, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(status, fc.array(fc.tuple(status, source), { maxLength: 40 }), (start, asked) => {
        let at = start
        for (const [to, by] of asked) {
          const step = decideStatus(at, to, by)
          if (isRefusal(step)) continue
          expect(findTransition(at, to)?.id).toBe(step.id)
          expect(step.sources).toContain(by)
          at = step.to
        }
      }),
    )
  })

  it('answers every question with a step or with a named refusal', () => {
    fc.assert(
      fc.property(status, status, source, (from, to, by) => {
        const answer = decideStatus(from, to, by)
        if (isRefusal(answer))
          expect(['unit-already-in-status', 'status-step-illegal', 'status-step-not-yours']).toContain(
            answer.refused,
          )
        else expect([answer.from, answer.to]).toEqual([from, to])
      }),
    )
  })

  it('has a way from every status to patrol and to off duty that the command room alone can take', () => {
    for (const from of UNIT_STATUSES) {
      expect(reachable(from, ['dispatcher'])).toContain('patrolling')
      expect(reachable(from, ['dispatcher'])).toContain('off-duty')
    }
  })

  it('never leaves a crew stuck: every status has a step of its own', () => {
    for (const from of UNIT_STATUSES) expect(nextStatuses(from, 'unit').length).toBeGreaterThan(0)
  })

  it('sends nobody to an incident from off duty or out of service', () => {
    for (const from of ['off-duty', 'out-of-service'] as const)
      for (const to of BOUND_TO_INCIDENT) expect(findTransition(from, to)).toBeNull()
  })

  it('lets no unit that serves an incident rest, inspect, brief or go off duty', () => {
    for (const from of BOUND_TO_INCIDENT)
      for (const to of ['break', 'inspecting', 'briefing', 'off-duty'] as const)
        expect(findTransition(from, to)).toBeNull()
  })

  it('lets the system bring a unit from patrol back to every status that a call-out takes it from', () => {
    for (const before of ['off-duty', 'briefing', 'inspecting', 'break'] as const) {
      expect(decideStatus(before, 'patrolling', 'system')).toHaveProperty('id')
      expect(decideStatus('patrolling', before, 'system')).toHaveProperty('id')
    }
  })

  it('leaves a reservation to the command room: a crew cannot free itself from stand-by', () => {
    expect(decideStatus('stand-by', 'patrolling', 'unit')).toMatchObject({
      refused: 'status-step-not-yours',
      detail: { rule: 'S52', sources: ['dispatcher', 'system'] },
    })
  })
})
