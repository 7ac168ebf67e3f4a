import { describe, expect, it } from 'vitest'
import { callerOf, DEFAULT_CALLER_RETENTION } from './caller.ts'
import { mapCall } from './call-mapping.ts'
import { checkIncidentTypes, classOf, DEFAULT_INCIDENT_TYPES, INCIDENT_CLASSES } from './incident-type.ts'
import { incidentNumber } from './number.ts'
import { checkResponsePlan, DEFAULT_RESPONSE_PLAN } from './response-plan.ts'

describe('incident types', () => {
  it('ship valid, each in a known class', () => {
    expect(checkIncidentTypes(DEFAULT_INCIDENT_TYPES)).toBeNull()
    const classes = INCIDENT_CLASSES.map(({ code }) => code)
    for (const { code } of DEFAULT_INCIDENT_TYPES) expect(classes).toContain(classOf(code))
  })
  it('are refused by row when imported with a code twice', () => {
    const [first] = DEFAULT_INCIDENT_TYPES
    expect(checkIncidentTypes([first!, first!])).toMatchObject({
      refused: 'invalid-type-code-twice',
      detail: { row: 2 },
    })
  })
})

describe('calls for service of other agencies', () => {
  it.each([
    ['UNWANTED PERSON', '0209', []],
    ['DISTURBANCE - PRIORITY', '0202', []],
    ['DISTURBANCE - WITH WEAPON *H', '0202', ['weapon']],
    ['ASSAULT - WITH WEAPON *H', '0106', ['weapon']],
    ['ACCIDENT - NON INJURY', '0301', []],
    ['ACCIDENT - INJURY', '0302', ['injury']],
    ['VEHICLE STOLEN - COLD', '0109', []],
    ['SHOTS FIRED', '0107', []],
    ['ROBBERY - PRIORITY *H', '0103', []],
    ['vehicle_theft', '0109', []],
    ['aggravated_assault', '0106', []],
    ['larceny', '0110', []],
    ['BOMB - THREAT (33B)', '0214', []],
    ['PROPERTY LOST, FOUND, RECOVERED', '0506', []],
  ])('%s becomes %s', (description, typeCode, circumstances) => {
    expect(mapCall(description)).toEqual({ typeCode, circumstances, known: true })
  })
  it('says when it does not know the wording', () =>
    expect(mapCall('W26')).toMatchObject({ typeCode: '0999', known: false }))
  it('maps to nothing outside the dictionary', () => {
    const codes = DEFAULT_INCIDENT_TYPES.map(({ code }) => code)
    for (const word of ['HOMICIDE', 'FIRE', 'WARRANT', 'SUICIDAL', 'ALARM', 'DETOX', 'MARINE'])
      expect(codes).toContain(mapCall(word).typeCode)
  })
})

describe('response plan', () => {
  it('ships valid, one row a level', () => expect(checkResponsePlan(DEFAULT_RESPONSE_PLAN)).toBeNull())
  it('is refused without a level, a handler, a leader or a possible count', () => {
    const [general, ...rest] = DEFAULT_RESPONSE_PLAN
    expect(checkResponsePlan(rest)).toMatchObject({
      refused: 'plan-level-required',
      detail: { level: 'general' },
    })
    expect(checkResponsePlan([...DEFAULT_RESPONSE_PLAN, general!])).toMatchObject({
      refused: 'invalid-plan-level-twice',
    })
    expect(checkResponsePlan([{ ...general!, handle: [] }, ...rest])).toMatchObject({
      refused: 'plan-handler-required',
    })
    expect(checkResponsePlan([{ ...general!, lead: [] }, ...rest])).toMatchObject({
      refused: 'plan-leader-required',
    })
    const impossible = { ...general!, standBy: [{ ...general!.handle[0]!, units: 0 }] }
    expect(checkResponsePlan([impossible, ...rest])).toMatchObject({
      refused: 'invalid-plan-demand',
      field: 'standBy',
      detail: { row: 1 },
    })
  })
})

describe('incident number', () => {
  it('is the local day and the count within it', () => {
    const justAfterMidnight = Date.UTC(2016, 9, 23, 16, 5)
    expect(incidentNumber(justAfterMidnight, 'Asia/Shanghai', 31)).toBe('20161024-0031')
    expect(incidentNumber(justAfterMidnight, 'America/Los_Angeles', 12345)).toBe('20161023-12345')
  })
})

describe('a caller', () => {
  const given = { name: '王某', phone: null, legalBasis: '110-rules', purpose: 'call-back' } as const
  it('is kept for as long as the purpose allows', () => {
    expect(callerOf(given, DEFAULT_CALLER_RETENTION, 0)).toMatchObject({ retainUntil: 30 * 86_400_000 })
  })
  it('is not kept when there is nothing to keep', () => {
    expect(callerOf({ ...given, name: ' ' }, DEFAULT_CALLER_RETENTION, 0)).toMatchObject({
      refused: 'invalid-caller',
    })
  })
})
