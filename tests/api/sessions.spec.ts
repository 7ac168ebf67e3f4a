import { createHash } from 'node:crypto'
import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'

const PASSWORD = 'river-bridge-lamp'
const NEW_PASSWORD = 'quiet-harbour-seven'

interface Reply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly cookie: string
  readonly cookieText: string
}

describe('sessions, passwords and tokens', () => {
  let house: TestHouse
  let now = Date.parse('2026-11-24T08:00:00Z')
  beforeAll(async () => {
    house = await openHouse({ now: () => now })
    const accounts = [
      { username: 'anquan', name: '安全管理员', password: PASSWORD, role: 'security-admin' },
      { username: 'zhihui', name: '值班领导', password: PASSWORD, role: 'duty-commander' },
      { username: 'diaodu', name: '调度员', password: PASSWORD, role: 'dispatcher' },
    ]
    const set = await call('POST', '/api/setup', { body: { token: house.server.setupToken(), accounts } })
    expect(set.status, JSON.stringify(set.body)).toBe(201)
  })
  afterAll(() => house.close())

  async function call(
    method: string,
    path: string,
    {
      body,
      cookie,
      headers = {},
    }: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const response = await fetch(house.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const cookieText = response.headers.getSetCookie()[0] ?? ''
    return {
      status: response.status,
      body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
      cookie: cookieText.split(';')[0]!,
      cookieText,
    }
  }
  const signIn = (username: string, password = PASSWORD, more: object = {}, cookie?: string) =>
    call('POST', '/api/session', { body: { username, password, ...more }, ...(cookie ? { cookie } : {}) })
  const me = async (cookie: string) => (await call('GET', '/api/me', { cookie })).status
  const auditOf = async (action: string) => {
    const auditor = await house.as('auditor')
    const { body } = await auditor.get<{ entries: { action: string; detail: Record<string, unknown> }[] }>(
      `/api/audit?action=${action}&limit=500`,
    )
    return body.entries
  }

  it('hides the cookie from scripts and other sites, and never takes a secret from the browser', async () => {
    const planted = 'xunfang_session=planted-by-somebody-else-0123456789abcdef'
    const first = await signIn('zhihui', PASSWORD, {}, planted)
    expect(first.cookieText).toMatch(/; HttpOnly/i)
    expect(first.cookieText).toMatch(/; SameSite=Strict/i)
    expect(first.cookie).not.toBe(planted)
    expect(await me(planted)).toBe(401)
  })

  it('ends the session that the same browser had before', async () => {
    const first = await signIn('zhihui')
    const second = await signIn('zhihui', PASSWORD, {}, first.cookie)
    expect([await me(first.cookie), await me(second.cookie)]).toEqual([401, 200])
  })

  it('shows a person the own sessions, and ends one or all others', async () => {
    const [here, phone, tablet] = [await signIn('diaodu'), await signIn('diaodu'), await signIn('diaodu')]
    const shown = await call('GET', '/api/me/sessions', { cookie: here.cookie })
    const sessions = shown.body['sessions'] as { id: string; current: boolean; ip: string }[]
    expect(sessions.map(({ current }) => current).filter(Boolean)).toHaveLength(1)
    expect(sessions).toHaveLength(3)
    expect(JSON.stringify(shown.body)).not.toContain(here.cookie.split('=')[1])

    const ids = (await call('GET', '/api/me/sessions', { cookie: phone.cookie })).body[
      'sessions'
    ] as typeof sessions
    const phoneId = ids.find(({ current }) => current)!.id
    const stranger = await signIn('zhihui')
    const byOther = await call('DELETE', `/api/me/sessions/${phoneId}`, { cookie: stranger.cookie })
    expect(byOther.status, 'not another person’s').toBe(404)
    expect((await call('DELETE', `/api/me/sessions/${phoneId}`, { cookie: here.cookie })).status).toBe(204)
    expect([await me(phone.cookie), await me(tablet.cookie), await me(here.cookie)]).toEqual([401, 200, 200])
    const all = await call('DELETE', '/api/me/sessions', { cookie: here.cookie })
    expect(all.body).toEqual({ ended: 1 })
    expect([await me(tablet.cookie), await me(here.cookie)]).toEqual([401, 200])
  })

  it('lets a person change the own password with the one there is, and ends the other sessions', async () => {
    const here = await signIn('diaodu')
    await call('DELETE', '/api/me/sessions', { cookie: here.cookie })
    const elsewhere = await signIn('diaodu')
    const change = (current: string, password: string) =>
      call('POST', '/api/me/password', { body: { current, password }, cookie: here.cookie })
    expect(await change('not the one', NEW_PASSWORD)).toMatchObject({
      status: 422,
      body: { code: 'invalid-current-password', field: 'current' },
    })
    expect((await change(PASSWORD, 'short')).body['code']).toBe('invalid-password-too-short')
    expect((await change(PASSWORD, PASSWORD)).body['code']).toBe('invalid-password-unchanged')
    expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(204)
    expect([await me(elsewhere.cookie), await me(here.cookie)]).toEqual([401, 200])
    expect([(await signIn('diaodu')).status, (await signIn('diaodu', NEW_PASSWORD)).status]).toEqual([
      401, 200,
    ])
    expect((await auditOf('account.change-own-password')).at(0)?.detail).toEqual({ sessionsEnded: 1 })
  })

  it('takes hundreds of guesses at one moment for no more than five', async () => {
    const guesses = Array.from({ length: 100 }, (_, n) => signIn('diaodu', `a wrong guess ${n}`))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    now += 3_600_000
    expect((await signIn('diaodu', NEW_PASSWORD)).status).toBe(200)
  })

  it('counts a wrong password at an open session as at the door', async () => {
    const { cookie } = await signIn('diaodu', NEW_PASSWORD)
    const body = { current: 'a wrong guess', password: 'whatever-else-8' }
    for (let i = 0; i < 5; i++) await call('POST', '/api/me/password', { body, cookie })
    const right = { ...body, current: NEW_PASSWORD }
    expect((await call('POST', '/api/me/password', { body: right, cookie })).status).toBe(429)
    now += 3_600_000
  })

  it('does not write down a name that is nobody’s: it may be a password', async () => {
    await signIn('my-own-password-77')
    const entries = await auditOf('session.refused')
    expect(JSON.stringify(entries)).not.toContain('my-own-password-77')
    expect(entries[0]!.detail).toEqual({ at: 'password', username: null })
  })

  it('asks for the password again before a second factor is enrolled at an old session', async () => {
    const { cookie } = await signIn('zhihui')
    const other = await signIn('zhihui')
    now += 11 * 60_000
    const begin = (body?: unknown) => call('POST', '/api/second-factor', { cookie, body })
    expect((await begin()).body['code']).toBe('password-required')
    expect((await begin({ password: 'a wrong one' })).body['code']).toBe('invalid-current-password')
    const begun = await begin({ password: PASSWORD })
    expect(begun.status).toBe(200)
    const code = () => generateSync({ secret: String(begun.body['secret']), epoch: Math.floor(now / 1000) })
    const confirmed = await call('POST', '/api/second-factor/confirm', { cookie, body: { code: code() } })
    expect(confirmed.status).toBe(204)
    expect(await me(other.cookie), 'sessions from before the second factor end').toBe(401)

    now += 60_000
    const used = code()
    const twice = await Promise.all([
      signIn('zhihui', PASSWORD, { code: used }),
      signIn('zhihui', PASSWORD, { code: used }),
    ])
    expect(twice.map(({ status }) => status).sort(), 'one code opens one session').toEqual([200, 401])
    for (let i = 0; i < 5; i++) {
      await signIn('zhihui')
      await signIn('zhihui', PASSWORD, { code: '000000' })
    }
    now += 30_000
    expect(
      (await signIn('zhihui', PASSWORD, { code: code() })).status,
      'asking for the code forgives no wrong code',
    ).toBe(429)
    expect((await auditOf('second-factor.begin')).length).toBeGreaterThan(0)
    expect(
      (await auditOf('session.refused')).filter(({ detail }) => detail['at'] === 'code').length,
    ).toBeGreaterThan(4)
    now += 3_600_000
  })

  it('gives a machine no session, no password and no second factor', async () => {
    const machine = await house.as('service')
    for (const [path, body] of [
      ['/api/me/password', { current: 'x', password: 'y' }],
      ['/api/second-factor', {}],
    ] as const)
      expect(await machine.send('POST', path, body)).toMatchObject({ body: { code: 'not-a-session' } })
  })

  describe('accounts', () => {
    it('give no administrator’s role to a machine and no machine’s role to a person', async () => {
      const security = await house.as('security-admin')
      const create = (kind: string, role: string) =>
        security.send('POST', '/api/accounts', {
          username: `${kind}-${role}`,
          name: 'x',
          kind,
          password: PASSWORD,
          grants: [{ role, organisationId: null }],
        })
      for (const role of ['system-admin', 'security-admin', 'audit-admin'])
        expect((await create('service', role)).body['code'], role).toBe('role-of-other-kind')
      for (const role of ['service', 'unit-terminal', 'intake-system'])
        expect((await create('person', role)).body['code'], role).toBe('role-of-other-kind')
      expect((await create('service', 'intake-system')).status).toBe(201)
    })

    it('keep the last security administrator', async () => {
      const machine = await house.as('security-admin')
      const { body } = await machine.get<{ accounts: { id: string; username: string; version: number }[] }>(
        '/api/accounts',
      )
      const last = body.accounts.find(({ username }) => username === 'anquan')!
      const change = (given: object) =>
        machine.send('PATCH', `/api/accounts/${last.id}`, given, { 'if-match': `"${last.version}"` })
      expect((await change({ active: false })).body['code']).toBe('last-security-admin')
      expect((await change({ grants: [] })).body['code']).toBe('last-security-admin')
      expect((await change({ name: '安全员' })).status).toBe(200)
    })

    it('do not let a stolen session of an administrator set that account’s own password', async () => {
      const security = await house.as('security-admin')
      const { body } = await security.get<{ accounts: { id: string; version: number }[] }>('/api/accounts')
      const own = body.accounts.find(({ id }) => id === security.accountId)!
      for (const given of [{ password: NEW_PASSWORD }, { resetSecondFactor: true }])
        expect(
          (await security.send('PATCH', `/api/accounts/${own.id}`, given, { 'if-match': `"${own.version}"` }))
            .body['code'],
        ).toBe('own-password')
    })

    it('list tokens without their secrets and revoke them at once', async () => {
      const security = await house.as('security-admin')
      const made = await security.send<{ id: string }>('POST', '/api/accounts', {
        username: 'terminal-1',
        name: '车载终端',
        kind: 'service',
        grants: [{ role: 'service', organisationId: null }],
      })
      const path = `/api/accounts/${made.body.id}/tokens`
      const issued = await security.send<{ id: string; token: string }>('POST', path, {
        label: 'A',
        validDays: 1,
      })
      const asking = () =>
        call('GET', '/api/me', { headers: { authorization: `Bearer ${issued.body.token}` } })
      expect((await asking()).status).toBe(200)
      const listed = await security.get(path)
      expect(listed.body).toMatchObject({ tokens: [{ id: issued.body.id, label: 'A', revokedAt: null }] })
      expect(JSON.stringify(listed.body)).not.toContain(issued.body.token)
      expect((await security.send('DELETE', `${path}/${issued.body.id}`)).status).toBe(204)
      expect((await asking()).status).toBe(401)
      expect((await security.send('DELETE', `${path}/${issued.body.id}`)).status).toBe(404)
      expect((await auditOf('token.revoke')).length).toBe(1)
    })

    it('let a token lapse when its days are over', async () => {
      const security = await house.as('security-admin')
      const made = await security.send<{ id: string }>('POST', '/api/accounts', {
        username: 'terminal-2',
        name: '车载终端',
        kind: 'service',
        grants: [],
      })
      const issued = await security.send<{ token: string }>('POST', `/api/accounts/${made.body.id}/tokens`, {
        label: 'A',
        validDays: 1,
      })
      const headers = { authorization: `Bearer ${issued.body.token}` }
      expect((await call('GET', '/api/me', { headers })).status).toBe(200)
      now += 86_400_001
      expect((await call('GET', '/api/me', { headers })).status).toBe(401)
    })
  })

  it('keeps no secret and no trace of a password beside an idempotency key', async () => {
    const [security, system] = [await house.as('security-admin'), await house.as('system-admin')]
    const made = await security.send<{ id: string }>('POST', '/api/accounts', {
      username: 'terminal-3',
      name: '车载终端',
      kind: 'service',
      grants: [],
    })
    const key = (name: string) => ({ 'idempotency-key': name })
    const tokenPath = `/api/accounts/${made.body.id}/tokens`
    const token = await security.send<{ token: string }>(
      'POST',
      tokenPath,
      { label: 'A', validDays: 1 },
      key('t'),
    )
    const hook = await system.send<{ secret: string }>(
      'POST',
      '/api/webhooks',
      { url: 'https://receiver.example/', topics: ['*'] },
      key('w'),
    )
    const person = {
      username: 'xinren',
      name: '新人',
      kind: 'person',
      password: PASSWORD,
      grants: [{ role: 'officer', organisationId: null }],
    }
    expect((await security.send('POST', '/api/accounts', person, key('p'))).status).toBe(201)
    const { rows } = await house.database.pool.query<{ key: string; body: unknown; request_hash: Buffer }>(
      `select key, body, request_hash from idempotency where key in ('t', 'w', 'p')`,
    )
    expect(rows).toHaveLength(3)
    expect(JSON.stringify(rows.map(({ body }) => body))).not.toContain(token.body.token)
    expect(JSON.stringify(rows.map(({ body }) => body))).not.toContain(hook.body.secret)
    const plain = createHash('sha256')
      .update(`POST /api/accounts\n${JSON.stringify(person)}`)
      .digest()
    expect(rows.find((row) => row.key === 'p')!.request_hash.equals(plain), 'words could be tried').toBe(
      false,
    )
    const again = await security.send('POST', tokenPath, { label: 'A', validDays: 1 }, key('t'))
    expect(again).toMatchObject({ status: 409, body: { code: 'secret-shown-before' } })
    expect((await security.get<{ tokens: unknown[] }>(tokenPath)).body.tokens).toHaveLength(1)
  })
})
