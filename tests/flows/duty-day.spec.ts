import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAUSED_BY_PEOPLE, DUTY_DAY_FLOW } from '../../flows/duty-day.ts'
import type { Reply } from '../house.ts'
import { HOUR, OFFICE, openDutyDay, SIX, TODAY, WHOLE, type DutyDayHouse } from './duty-day-house.ts'

interface Advice {
  readonly sickCall: { readonly id: string; readonly state: string; readonly reason: string | null }
  readonly gap: readonly { readonly rule: string }[]
  readonly replacements: readonly {
    readonly officerId: string
    readonly reasons: readonly { readonly code: string }[]
    readonly breaches: readonly { readonly rule: string }[]
  }[]
}
interface Sheet {
  readonly lines: readonly {
    readonly officerId: string
    readonly state: string | null
    readonly source: string | null
    readonly rostered: { readonly kind: string } | null
  }[]
  readonly differences: readonly { readonly officerId: string; readonly code: string }[]
}
interface Problem {
  readonly code: string
  readonly about?: { readonly breaches?: { readonly rule: string }[]; readonly officerIds?: string[] }
}

const codeOf = ({ status, body }: Reply<Problem>) => [status, body.code]

describe('the flow of a duty day', () => {
  it('waits for nothing that neither a person nor a row above it causes', () => {
    const caused = new Set<string>(CAUSED_BY_PEOPLE)
    for (const row of DUTY_DAY_FLOW) {
      expect(caused.has(row.on), row.id).toBe(true)
      row.leadsTo.forEach((topic) => caused.add(topic))
    }
    expect(new Set(DUTY_DAY_FLOW.map(({ id }) => id)).size).toBe(DUTY_DAY_FLOW.length)
  })
})

describe('six in the morning', () => {
  let scene: DutyDayHouse
  const officer = (index: number) => scene.east.officers[index]!
  beforeAll(async () => {
    scene = await openDutyDay([
      { officer: 0, date: TODAY, shift: OFFICE },
      { officer: 0, date: '2026-12-07', shift: OFFICE },
      { officer: 0, date: '2026-12-09', shift: OFFICE },
      { officer: 0, date: '2026-12-17', shift: OFFICE },
      // On since yesterday at eight: an office day at nine breaks their rest.
      { officer: 1, date: '2026-12-01', shift: WHOLE },
    ])
  })
  afterAll(() => scene.close())

  const call = (body: object, by = scene.chief) => by.send<Advice & Problem>('POST', '/api/sick-calls', body)
  const cover = (id: string, body: object, by = scene.chief) =>
    by.send<Advice['sickCall'] & Problem>('POST', `/api/sick-calls/${id}/cover`, body)

  it('given somebody rings, when it is written down, then the gap is seen and three are named, best first, with why', async () => {
    const advice = await scene.checked(call({ officerId: officer(0) }))
    expect(advice.sickCall).toMatchObject({ state: 'open', reason: null })
    expect(advice.gap.map(({ rule }) => rule)).toContain('R07')
    expect(advice.replacements.map(({ officerId }) => officerId)).toEqual([
      officer(3),
      officer(2),
      officer(1),
    ])
    expect(advice.replacements[0]!.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['has-the-day-off', 'same-platoon']),
    )
    expect(advice.replacements.map(({ breaches }) => breaches.length > 0)).toEqual([false, false, true])
    // The roster says «away», as for any leave, and nowhere what for.
    expect(await scene.cell(0, TODAY)).toBe('leave')
    const { body } = await scene.officers[2]!.get(`/api/rosters/${scene.rosterId}`)
    expect(JSON.stringify(body)).not.toMatch(/sick|unfit/)
    expect(codeOf(await call({ officerId: officer(0) }))).toEqual([409, 'sick-call-made'])
  })

  it('when the best one is taken, then the duty is theirs by tonight’s roster and the gap is closed', async () => {
    const { body } = await scene.chief.get<{ sickCalls: { id: string }[] }>('/api/sick-calls')
    const { id } = body.sickCalls[0]!
    const tired = await cover(id, { officerId: officer(1) })
    expect(codeOf(tired)).toEqual([409, 'cover-breaks-rules'])
    expect(tired.body.about!.breaches!.map(({ rule }) => rule)).toContain('R03')
    expect(codeOf(await cover(id, { officerId: officer(0) }))).toEqual([409, 'cover-by-oneself'])
    expect(codeOf(await cover(id, { officerId: scene.west.officers[0] }))).toEqual([
      409,
      'cover-breaks-rules',
    ])
    const replies = await Promise.all([
      cover(id, { officerId: officer(3) }),
      cover(id, { officerId: officer(2) }),
    ])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    const taken = replies.find(({ status }) => status === 200)!.body as unknown as {
      replacementOfficerId: string
    }
    const index = scene.east.officers.indexOf(taken.replacementOfficerId)
    expect(await scene.cell(index, TODAY)).toBe(scene.keyOf(OFFICE))
    const roster = await scene.all.get<{ origins: { origin: string }[] }>(`/api/rosters/${scene.rosterId}`)
    expect(roster.body.origins.map(({ origin }) => origin).sort()).toEqual(['hand', 'sick-call'])
  })

  it('when nobody can come, then the gap stays and says why, and may be filled later after all', async () => {
    const { sickCall, replacements } = await scene.checked(call({ date: '2026-12-07' }, scene.officers[0]!))
    // Who could come is not for the one who rings.
    expect(replacements).toEqual([])
    expect(codeOf(await cover(sickCall.id, { officerId: null }))).toEqual([409, 'reason-too-short'])
    expect(await scene.checked(cover(sickCall.id, { officerId: null, reason: '无人可派' }))).toMatchObject({
      state: 'uncovered-accepted',
      reason: '无人可派',
    })
    const { body } = await scene.all.get<{ breaches: { rule: string; date: string }[] }>(
      `/api/rosters/${scene.rosterId}/breaches`,
    )
    expect(
      body.breaches.filter(({ rule, date }) => rule === 'R07' && date === '2026-12-07').length,
    ).toBeGreaterThan(0)
    const advice = await scene.chief.get<Advice>(`/api/sick-calls/${sickCall.id}`)
    // That desks are not the street was so before anybody fell out: it stands in nobody’s way.
    expect(advice.body.replacements.map(({ breaches }) => breaches)).toEqual([[], [], []])
    expect(await scene.checked(cover(sickCall.id, { officerId: officer(2) }))).toMatchObject({
      state: 'covered',
    })
  })

  it('given a gap, when the fewest changes are asked for, then they are named, and taken as a whole', async () => {
    const { sickCall } = await scene.checked(call({ officerId: officer(0), date: '2026-12-17' }))
    const { body } = await scene.chief.get<{
      plan: {
        officerId: string
        changes: { officerId: string; date: string; was: string; becomes: string }[]
        breaches: unknown[]
      }
    }>(`/api/sick-calls/${sickCall.id}/mending`)
    const { officerId, changes, breaches } = body.plan
    expect(breaches).toEqual([])
    expect(changes).toEqual([{ officerId, date: '2026-12-17', was: 'off', becomes: scene.keyOf(OFFICE) }])
    const elsewhere = { officerId: officer(1), date: '2027-01-05', option: 'off' }
    expect(codeOf(await cover(sickCall.id, { officerId, alongside: [elsewhere] }))).toEqual([
      409,
      'cover-day-unknown',
    ])
    // Another day that changes with it, as where a cover is taken from a post that somebody else then fills.
    const index = scene.east.officers.indexOf(officerId)
    const other = [1, 2, 3].find((one) => one !== index)!
    const alongside = [{ officerId: officer(other), date: '2026-12-18', option: 'off' }]
    expect(await scene.checked(cover(sickCall.id, { officerId, alongside }))).toMatchObject({
      state: 'covered',
      replacementOfficerId: officerId,
    })
    expect(await scene.cell(index, '2026-12-17')).toBe(scene.keyOf(OFFICE))
  })

  it('asks nobody what they have, and takes no such text', async () => {
    const told = { officerId: officer(0), date: '2026-12-09', reason: '感冒' }
    expect((await call(told)).status).toBe(400)
    const note = { officerId: officer(0), kind: 'unfit', fromDate: '2026-12-09', untilDate: '2026-12-09' }
    const ask = (body: object) => scene.chief.send<Problem>('POST', '/api/absences', body)
    expect(codeOf(await ask({ ...note, note: '感冒' }))).toEqual([409, 'absence-note-not-taken'])
    expect(codeOf(await ask({ ...note, kind: 'leave', note: '糖尿病复查' }))).toEqual([
      409,
      'absence-text-sensitive',
    ])
    const { sickCall } = await scene.checked(call({ officerId: officer(0), date: '2026-12-09' }))
    expect(codeOf(await cover(sickCall.id, { officerId: null, reason: '其患有抑郁症' }))).toEqual([
      409,
      'absence-text-sensitive',
    ])
    const rows = await scene.house.database.pool.query(
      `select row_to_json(a)::text as row from absence a union all select row_to_json(s)::text from sick_call s`,
    )
    expect(JSON.stringify(rows.rows)).not.toMatch(/感冒|糖尿病|抑郁/)
  })

  it('tells those elsewhere nothing', async () => {
    const elsewhere = await scene.scene.at(scene.west, 'station-chief')
    expect(codeOf(await call({ officerId: officer(0) }, elsewhere))).toEqual([403, 'out-of-scope'])
    const { body } = await elsewhere.get<{ sickCalls: unknown[] }>(
      '/api/sick-calls?from=2026-12-01&until=2026-12-28',
    )
    expect(body.sickCalls).toEqual([])
    expect((await scene.officers[0]!.get('/api/sick-calls')).status).toBe(403)
  })
})

describe('the roll call', () => {
  let scene: DutyDayHouse
  const officer = (index: number) => scene.east.officers[index]!
  beforeAll(async () => {
    scene = await openDutyDay([
      { officer: 0, date: TODAY, shift: OFFICE },
      { officer: 1, date: TODAY, shift: OFFICE },
      { officer: 2, date: TODAY, shift: WHOLE },
    ])
    // Everybody is at home.
    await scene.all.send('POST', '/api/roll-calls', { duty: 'off', officerIds: scene.east.officers })
    await scene.settled()
    scene.clock.now = SIX + 3 * HOUR
  })
  afterAll(() => scene.close())

  const record = (lines: object[], date = TODAY) =>
    scene.chief.send<Sheet & Problem>('POST', '/api/roster-attendance', {
      ...{ date, organisationId: scene.east.organisationId, lines },
    })
  const sheet = async () =>
    (
      await scene.chief.get<Sheet>(
        `/api/roster-attendance?organisationId=${scene.east.organisationId}&date=${TODAY}`,
      )
    ).body
  const onDuty = async () => {
    const { body } = await scene.all.get<{ officers: { id: string; duty: string }[] }>('/api/officers')
    return scene.east.officers.map((id) => body.officers.find((one) => one.id === id)!.duty)
  }
  const differences = ({ differences: found }: Sheet) =>
    found.map(({ officerId, code }) => [scene.east.officers.indexOf(officerId), code])

  it('given a roster, when nobody has been called yet, then it names who should be there', async () => {
    const { lines, differences: found } = await sheet()
    expect(lines.map(({ rostered, state }) => [rostered!.kind, state])).toEqual([
      ['duty', null],
      ['duty', null],
      ['duty', null],
    ])
    expect(differences({ lines, differences: found })).toEqual([
      [0, 'not-called'],
      [1, 'not-called'],
      [2, 'not-called'],
    ])
  })

  it('when a roll call of the force is taken, then it is attendance for those rostered', async () => {
    await scene.checked(
      scene.all.send('POST', '/api/roll-calls', { duty: 'on', officerIds: [officer(2), officer(3)] }),
    )
    await scene.settled()
    const { lines } = await sheet()
    expect(lines.map(({ state, source }) => [state, source])).toEqual([
      [null, null],
      [null, null],
      ['present', 'roll-call'],
    ])
    // On since eight by the roster, there since nine by the clock: for a person to judge. And one whom nobody expected.
    expect(differences(await sheet())).toEqual([
      [0, 'not-called'],
      [1, 'not-called'],
      [2, 'late-by-the-clock'],
      [3, 'on-duty-without-roster'],
    ])
  })

  it('when it is called against the roster, then who is there goes on duty, and the rest is listed', async () => {
    const answered = await scene.checked(
      record([
        { officerId: officer(0), state: 'present' },
        { officerId: officer(1), state: 'absent' },
        { officerId: officer(2), state: 'present', at: '2026-12-02T08:00:00+08:00' },
      ]),
    )
    await scene.settled()
    expect(await onDuty()).toEqual(['on', 'off', 'on', 'on'])
    expect(differences(answered)).toEqual([
      [1, 'rostered-absent'],
      [3, 'on-duty-without-roster'],
    ])
    // Corrected: what was said before gives way, and the log has both.
    await scene.checked(record([{ officerId: officer(1), state: 'late' }]))
    await scene.settled()
    expect(await onDuty()).toEqual(['on', 'on', 'on', 'on'])
    expect(differences(await sheet())).toContainEqual([1, 'came-late'])
    const { rows } = await scene.house.database.pool.query<{ detail: { lines: { state: string }[] } }>(
      `select detail from audit_entry where action = 'roster.call-roll' and account_id = $1 order by id`,
      [scene.chief.accountId],
    )
    expect(rows.flatMap(({ detail }) => detail.lines.map(({ state }) => state))).toEqual([
      'present',
      'absent',
      'present',
      'late',
    ])
  })

  it('says what is wrong with a call, keeps nothing of it, and calls nobody on duty by yesterday', async () => {
    const before = await sheet()
    const stranger = { officerId: scene.west.officers[0], state: 'present' }
    const mixed = await record([{ officerId: officer(0), state: 'absent' }, stranger])
    expect(codeOf(mixed)).toEqual([403, 'out-of-scope'])
    expect(mixed.body.about!.officerIds).toEqual([scene.west.officers[0]])
    const twice = [0, 0].map((index) => ({ officerId: officer(index), state: 'present' }))
    expect(codeOf(await record(twice))).toEqual([409, 'attendance-twice'])
    expect(codeOf(await record([{ officerId: 'nobody', state: 'present' }]))).toEqual([
      409,
      'officer-unknown',
    ])
    expect(codeOf(await record([stranger], '2026-12-03'))).toEqual([409, 'attendance-ahead'])
    expect(codeOf(await record([stranger], '2026-11-30'))).toEqual([409, 'no-published-roster'])
    expect(await sheet()).toEqual(before)
    await scene.all.send('POST', '/api/roll-calls', { duty: 'off', officerIds: [officer(3)] })
    await scene.checked(record([{ officerId: officer(3), state: 'present' }], '2026-12-01'))
    await scene.settled()
    expect((await onDuty())[3]).toBe('off')
  })
})

describe('level-1 patrol on a day with a roster', () => {
  let scene: DutyDayHouse
  const officer = (index: number) => scene.east.officers[index]!
  beforeAll(async () => {
    scene = await openDutyDay([
      { officer: 2, date: TODAY, shift: OFFICE },
      { officer: 3, date: '2026-12-09', shift: OFFICE },
    ])
    const leave = { officerId: officer(3), kind: 'leave', fromDate: TODAY, untilDate: TODAY, approve: true }
    await scene.checked(scene.chief.send('POST', '/api/absences', leave))
    await scene.all.send('POST', '/api/roll-calls', { duty: 'off', officerIds: [officer(2)] })
    await scene.settled()
    scene.clock.now = SIX + 3.5 * HOUR
  })
  afterAll(() => scene.close())

  interface CallOut {
    readonly lines: readonly { readonly officerIds: readonly string[] }[]
    readonly rosteredAway: readonly object[]
    readonly notYetOnDuty: readonly object[]
    readonly strength: { readonly available: number }
  }
  interface Activation {
    readonly orders: readonly {
      readonly subject: { readonly officerId?: string }
      readonly reasons: readonly { readonly code: string }[]
    }[]
  }
  const ordered = ({ orders }: Activation) => orders.map(({ subject }) => subject.officerId)

  it('given a roster, when it is looked at, then it names who is rostered and not on duty, and lists apart who is on leave', async () => {
    const { body } = await scene.all.get<CallOut>(
      `/api/activations/preview?level=1&districtId=${scene.scene.bureauId}`,
    )
    expect(body.notYetOnDuty).toEqual([
      { officerId: officer(2), organisationId: scene.east.organisationId, post: 'desk' },
    ])
    const { organisationId } = scene.east
    expect(body.rosteredAway).toEqual([
      { officerId: officer(3), organisationId, because: 'leave', isOnDuty: true },
    ])
    // The west station has no day on the roster: it is called as ever.
    expect(body.lines.flatMap(({ officerIds }) => officerIds).sort()).toEqual(
      [...scene.west.officers.slice(2)].sort(),
    )
  })

  it('when they come to the roll call, then they are on duty, on the board, and called from their desk', async () => {
    const started = await scene.checked(
      scene.all.send<Activation>('POST', '/api/activations', {
        ...{ level: 1, districtId: scene.scene.bureauId, reason: '大型活动' },
      }),
    )
    expect(ordered(started)).not.toContain(officer(2))
    await scene.checked(
      scene.chief.send('POST', '/api/roster-attendance', {
        ...{ date: TODAY, organisationId: scene.east.organisationId },
        lines: [{ officerId: officer(2), state: 'late' }],
      }),
    )
    await scene.settled()
    const { body } = await scene.all.get<{ activation: Activation }>('/api/activations/open')
    const order = body.activation.orders.find(({ subject }) => subject.officerId === officer(2))!
    expect(order.reasons.map(({ code }) => code)).toContain('rostered-desk')
    expect(ordered(body.activation)).not.toContain(officer(3))
    const strength = await scene.all.get<{ officers: { officerId: string }[] }>('/api/street-strength')
    expect(strength.body.officers.map(({ officerId }) => officerId)).toContain(officer(2))
  })
})
