import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'

const PASSWORD = 'river-bridge-lamp'

describe('identity', () => {
  let house: TestHouse
  let now = Date.parse('2026-11-24T08:00:00Z')
  beforeAll(async () => {
    house = await openHouse({ now: () => now })
  })
  afterAll(() => house.close())

  async function post(path: string, body: unknown, cookie?: string) {
    const response = await fetch(house.url + path, {
      method: 'POST',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
      cookie: response.headers.getSetCookie()[0]?.split(';')[0],
    }
  }
  const get = (path: string, cookie: string) =>
    fetch(house.url + path, { headers: { cookie } }).then(async (response) => ({
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
    }))

  const accounts = [
    { username: 'anquan', name: '安全管理员', password: PASSWORD, role: 'security-admin' },
    { username: 'zhihui', name: '值班领导', password: PASSWORD, role: 'duty-commander' },
  ]

  it('is set up once, only with the printed token, and only with a security administrator', async () => {
    const token = house.server.setupToken()!
    expect((await post('/api/setup', { token: 'wrong', accounts })).status).toBe(403)
    const withoutAdmin = await post('/api/setup', { token, accounts: accounts.slice(1) })
    expect(withoutAdmin).toMatchObject({ status: 422, body: { code: 'security-admin-required' } })
    const weak = await post('/api/setup', { token, accounts: [{ ...accounts[0]!, password: 'short' }] })
    expect(weak).toMatchObject({
      status: 422,
      body: { code: 'invalid-password-too-short', field: 'accounts/0/password' },
    })
    expect((await post('/api/setup', { token, accounts })).status).toBe(201)
    expect(await post('/api/setup', { token, accounts })).toMatchObject({
      status: 409,
      body: { code: 'set-up-done' },
    })
  })

  it('answers a wrong name and a wrong password alike', async () => {
    const wrongName = await post('/api/session', { username: 'nobody', password: PASSWORD })
    const wrongPassword = await post('/api/session', { username: 'zhihui', password: 'not it at all' })
    expect(wrongName.status).toBe(401)
    expect({ ...wrongName.body, requestId: '' }).toEqual({ ...wrongPassword.body, requestId: '' })
  })

  it('lets a person in with a cookie and out again', async () => {
    const { cookie, status } = await post('/api/session', { username: 'ZhiHui', password: PASSWORD })
    expect(status).toBe(200)
    expect(await get('/api/me', cookie!)).toMatchObject({
      status: 200,
      body: { name: '值班领导', roles: ['duty-commander'] },
    })
    expect(await get('/api/accounts', cookie!)).toMatchObject({
      status: 403,
      body: { about: { permission: 'account.read' } },
    })
    await fetch(`${house.url}/api/session`, { method: 'DELETE', headers: { cookie: cookie! } })
    expect((await get('/api/me', cookie!)).status).toBe(401)
  })

  it('does not take a cookie from another origin', async () => {
    const { cookie } = await post('/api/session', { username: 'zhihui', password: PASSWORD })
    const response = await fetch(`${house.url}/api/second-factor`, {
      method: 'POST',
      headers: { cookie: cookie!, origin: 'https://elsewhere.example' },
    })
    expect(response.status).toBe(401)
  })

  it('ends a session that nobody used for two hours', async () => {
    const { cookie } = await post('/api/session', { username: 'zhihui', password: PASSWORD })
    now += 2 * 3_600_000 + 1
    expect((await get('/api/me', cookie!)).status).toBe(401)
  })

  it('keeps an administrator out of everything until the second factor is enrolled, and asks for it from then on', async () => {
    const first = await post('/api/session', { username: 'anquan', password: PASSWORD })
    expect(first.body['mustEnrolSecondFactor']).toBe(true)
    expect((await get('/api/accounts', first.cookie!)).status).toBe(403)
    const { body } = await post('/api/second-factor', undefined, first.cookie)
    const code = () => generateSync({ secret: String(body['secret']), epoch: Math.floor(now / 1000) })
    expect((await post('/api/second-factor/confirm', { code: '000000' }, first.cookie)).status).toBe(422)
    expect((await post('/api/second-factor/confirm', { code: code() }, first.cookie)).status).toBe(204)
    expect((await get('/api/accounts', first.cookie!)).status).toBe(200)

    const signIn = { username: 'anquan', password: PASSWORD }
    expect(await post('/api/session', signIn)).toMatchObject({
      status: 401,
      body: { code: 'second-factor-required' },
    })
    expect(
      (await post('/api/session', { ...signIn, code: code() })).status,
      'a used code is worth nothing',
    ).toBe(401)
    now += 30_000
    expect((await post('/api/session', { ...signIn, code: code() })).status).toBe(200)
  })

  it('makes a person wait after five wrong passwords', async () => {
    for (let i = 0; i < 5; i++) await post('/api/session', { username: 'zhihui', password: `wrong ${i}` })
    expect(await post('/api/session', { username: 'zhihui', password: PASSWORD })).toMatchObject({
      status: 429,
      body: { code: 'too-many-attempts', about: { waitSeconds: 60 } },
    })
    now += 61_000
    expect((await post('/api/session', { username: 'zhihui', password: PASSWORD })).status).toBe(200)
  })

  it('never gives one account two of the three administrators, in code and in the database', async () => {
    const security = await house.as('security-admin')
    const both = [
      { role: 'system-admin', organisationId: null },
      { role: 'audit-admin', organisationId: null },
    ]
    const created = await security.send('POST', '/api/accounts', {
      username: 'both',
      name: 'both',
      kind: 'service',
      grants: both,
    })
    expect(created).toMatchObject({ status: 409, body: { code: 'administrators-separated' } })
    const insert = house.database.db
      .insertInto('account_grant')
      .values({ account_id: security.accountId, role: 'audit-admin', organisation_id: null })
      .execute()
    await expect(insert).rejects.toThrow('account_one_administrator')
  })

  it('writes sign-ins, refusals and changes to the audit log, which the server itself cannot rewrite', async () => {
    const auditor = await house.as('auditor')
    const { body } = await auditor.get<{ entries: { action: string }[] }>('/api/audit?limit=500')
    const actions = new Set(body.entries.map((entry) => entry.action))
    for (const action of [
      'account.set-up',
      'session.open',
      'session.refused',
      'second-factor.enrol',
      'read account.read',
    ]) {
      expect(actions, action).toContain(action)
    }
    await expect(house.database.pool.query(`update audit_entry set action = 'nothing'`)).rejects.toThrow(
      'permission denied',
    )
    await expect(house.database.pool.query('delete from audit_entry')).rejects.toThrow('permission denied')
    await expect(house.database.pool.query('truncate audit_entry')).rejects.toThrow('permission denied')
  })

  it('takes an idempotency key once: the same answer again, another command refused', async () => {
    const security = await house.as('security-admin')
    const command = { username: 'once', name: 'once', kind: 'service', grants: [] }
    const key = { 'idempotency-key': 'key-1' }
    const [first, second] = await Promise.all([
      security.send('POST', '/api/accounts', command, key),
      security.send('POST', '/api/accounts', command, key),
    ])
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.body['id']).toBe(second.body['id'])
    const other = await security.send('POST', '/api/accounts', { ...command, username: 'twice' }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
  })

  it('changes an account only over the version that was read', async () => {
    const security = await house.as('security-admin')
    const { body } = await security.send<{ id: string }>('POST', '/api/accounts', {
      username: 'versioned',
      name: 'v',
      kind: 'service',
      grants: [],
    })
    const path = `/api/accounts/${body.id}`
    expect((await security.send('PATCH', path, { name: 'w' })).status).toBe(428)
    expect((await security.send('PATCH', path, { name: 'w' }, { 'if-match': '"7"' })).status).toBe(412)
    const changed = await security.send('PATCH', path, { name: 'w' }, { 'if-match': '"1"' })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
  })

  it('takes a body as it is meant: a number in quotes is a fault, and null is never read as 0', async () => {
    const security = await house.as('security-admin')
    const { body: made } = await security.send<{ id: string }>('POST', '/api/accounts', {
      username: 'exact',
      name: 'exact',
      kind: 'service',
      officerId: null,
      grants: [],
    })
    const quoted = await security.send('POST', `/api/accounts/${made.id}/tokens`, {
      label: 'x',
      validDays: '30',
    })
    expect(quoted).toMatchObject({ status: 400, body: { errors: [{ path: 'body/validDays' }] } })
    const missing = await security.send('POST', `/api/accounts/${made.id}/tokens`, {
      label: 'x',
      validDays: null,
    })
    expect(missing.status).toBe(400)
  })
})
