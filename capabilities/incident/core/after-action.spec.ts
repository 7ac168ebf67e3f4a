import { describe, expect, it } from 'vitest'
import { afterActionReport } from './after-action.ts'
import { replay } from './evolve.ts'
import type { IncidentEvent, TimelineEntry, UnitEventData } from './incident.ts'
import { statisticsOf, summarise } from './statistics.ts'
import type { IncidentId, ReportId } from './types.ts'

const unit = (assignmentId: string, role: 'handle' | 'stand-by' = 'handle'): UnitEventData => ({
  assignmentId,
  unitId: `u-${assignmentId}`,
  callSign: assignmentId,
  role,
})
const timelineOf = (...events: [seconds: number, event: IncidentEvent][]): TimelineEntry[] =>
  events.map(([seconds, event], index) => ({
    sequence: index + 1,
    at: seconds * 1000,
    accountId: null,
    accountName: '王警官',
    event,
  }))

const opened: IncidentEvent = {
  type: 'opened',
  data: {
    number: '20161024-0031',
    origin: 'citizen',
    isHourDrawn: true,
    reportId: 'r' as ReportId,
    typeCode: '0201',
    summary: '',
    address: '',
    position: { lon: 0, lat: 0 },
    peopleCount: null,
    circumstances: [],
    organisationId: null,
    keyPlaceId: null,
  },
}
const story = timelineOf(
  [0, opened],
  [10, { type: 'level-confirmed', data: { level: 'general', from: null } }],
  [20, { type: 'unit-ordered', data: unit('A') }],
  [25, { type: 'unit-stood-by', data: unit('B', 'stand-by') }],
  [35, { type: 'unit-acknowledged', data: unit('A') }],
  [40, { type: 'unit-departed', data: unit('A') }],
  [100, { type: 'unit-chased', data: unit('B', 'stand-by') }],
  [340, { type: 'unit-arrived', data: unit('A') }],
  [340, { type: 'stage-changed', data: { from: 'response', to: 'handling', reason: null } }],
  [400, { type: 'escalated', data: { level: 'complex', from: 'general', reason: '人数增加' } }],
  [400, { type: 'stage-changed', data: { from: 'handling', to: 'reinforcement', reason: '人数增加' } }],
  [410, { type: 'unit-promoted', data: unit('B') }],
  [420, { type: 'unit-acknowledged', data: unit('B') }],
  [900, { type: 'unit-arrived', data: unit('B') }],
  [900, { type: 'stage-changed', data: { from: 'reinforcement', to: 'handling', reason: null } }],
  [1200, { type: 'closed', data: { dispositionCode: 'mediated', result: '和解' } }],
  [1260, { type: 'unit-released', data: unit('A') }],
)
const incident = replay('i' as IncidentId, story)

describe('after-action report', () => {
  const report = afterActionReport(incident, story, 2_000_000)

  it('measures each milestone from the opening', () => {
    expect(report.times).toEqual({
      toLevelSeconds: 10,
      toFirstOrderSeconds: 20,
      toFirstAcknowledgementSeconds: 35,
      toFirstDepartureSeconds: 40,
      toFirstArrivalSeconds: 340,
      toEndSeconds: 1200,
    })
  })
  it('shows each stage with its length, in the order in which it came', () => {
    expect(report.stages.map(({ stage, durationSeconds }) => [stage, durationSeconds])).toEqual([
      ['response', 340],
      ['handling', 60],
      ['reinforcement', 500],
      ['handling', 300],
      ['closed', 0],
    ])
  })
  it('shows each unit with order, acknowledgement and time on scene', () => {
    expect(report.units).toMatchObject([
      {
        callSign: 'A',
        role: 'handle',
        acknowledgeSeconds: 15,
        travelSeconds: 300,
        onSceneSeconds: 920,
        chaseCount: 0,
      },
      {
        callSign: 'B',
        role: 'handle',
        acknowledgeSeconds: 10,
        travelSeconds: null,
        onSceneSeconds: 1100,
        chaseCount: 1,
      },
    ])
    expect(report.orders).toEqual({ ordered: 2, acknowledged: 2, chased: 1, standBy: 0 })
  })
  it('gives each change of level with its reason', () => {
    expect(report.levels.map(({ cause, reason }) => [cause, reason])).toEqual([
      ['level-confirmed', null],
      ['escalated', '人数增加'],
    ])
  })
})

describe('statistics', () => {
  it('are read off the timelines, without the merged and with a mark on drawn hours', () => {
    const summary = summarise(incident, story)
    const statistics = statisticsOf([
      summary,
      { ...summary, status: 'merged' },
      { ...summary, toFirstArrivalSeconds: 100, isOverridden: true },
    ])
    expect(statistics).toMatchObject({
      count: 2,
      byLevel: { general: 0, complex: 2, major: 0, ungraded: 0 },
      byType: [{ typeCode: '0201', count: 2 }],
      overrideShare: 0.5,
      hourDrawnCount: 2,
      responseSeconds: { count: 2, p50: 100, p90: 340, mean: 220 },
    })
  })
  it('say nothing where there is nothing to say', () => {
    expect(statisticsOf([])).toMatchObject({ count: 0, overrideShare: null, responseSeconds: null })
  })
})
