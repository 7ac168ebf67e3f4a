import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '../../foundation/server/db.ts'
import { announce } from '../../foundation/server/outbox/outbox.ts'
import { openHouse, type Caller, type TestHouse } from '../house.ts'

const PASSWORD = 'river-bridge-lamp'

interface Message {
  readonly t: string
  readonly reason?: string
  readonly subjectId?: string
}

describe('a live stream and the rights behind it', () => {
  let house: TestHouse
  let security: Caller
  beforeAll(async () => {
    house = await openHouse()
    const accounts = [
      { username: 'anquan', name: '安全管理员', password: PASSWORD, role: 'security-admin' },
      { username: 'diaodu', name: '调度员', password: PASSWORD, role: 'dispatcher' },
    ]
    await fetch(`${house.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: house.server.setupToken(), accounts }),
    })
    security = await house.as('security-admin')
  })
  afterAll(() => house.close())

  async function signIn(): Promise<string> {
    const response = await fetch(`${house.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'diaodu', password: PASSWORD }),
    })
    return response.headers.getSetCookie()[0]!.split(';')[0]!
  }

  async function listen(headers: Record<string, string>) {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/live`, { headers })
    const messages: Message[] = []
    socket.on('message', (raw) => messages.push(JSON.parse(String(raw)) as Message))
    const heard = async (wanted: (message: Message) => boolean) => {
      while (!messages.some(wanted)) await once(socket, 'message')
    }
    await heard(({ t }) => t === 'hello')
    const closed = once(socket, 'close').then(([code]) => code as number)
    return { socket, messages, heard, closed }
  }

  const tell = async (subjectId: string, permission: string) => {
    await inTransaction(house.database.db, (tx) =>
      announce(tx, { topic: 'test.told', subjectId, organisationId: null, permission, at: 0, data: {} }),
    )
    house.server.app.outbox.wake()
  }

  it('end together when the person signs out', async () => {
    const cookie = await signIn()
    const { closed } = await listen({ cookie })
    await fetch(`${house.url}/api/session`, { method: 'DELETE', headers: { cookie } })
    expect(await closed).toBe(4401)
  })

  it('end together when the account is closed', async () => {
    const { closed } = await listen({ cookie: await signIn() })
    const { body } = await security.get<{ accounts: { id: string; username: string; version: number }[] }>(
      '/api/accounts',
    )
    const { id, version } = body.accounts.find(({ username }) => username === 'diaodu')!
    const ended = await security.send(
      'PATCH',
      `/api/accounts/${id}`,
      { active: false },
      { 'if-match': `"${version}"` },
    )
    expect(ended.status).toBe(200)
    expect(await closed).toBe(4401)
  })

  it('end together when a token is revoked, and change together when grants change', async () => {
    const made = await security.send<{ id: string }>('POST', '/api/accounts', {
      username: 'wall',
      name: '大屏',
      kind: 'service',
      grants: [{ role: 'dispatcher', organisationId: null }],
    })
    const path = `/api/accounts/${made.body.id}`
    const issued = await security.send<{ id: string; token: string }>('POST', `${path}/tokens`, {
      label: 'wall',
      validDays: 1,
    })
    const stream = await listen({ authorization: `Bearer ${issued.body.token}` })
    await tell('seen', 'incident.read')
    await stream.heard(({ subjectId }) => subjectId === 'seen')
    await security.send(
      'PATCH',
      path,
      { grants: [{ role: 'auditor', organisationId: null }] },
      { 'if-match': '"1"' },
    )
    await stream.heard(({ t, reason }) => t === 'reload' && reason === 'rights-changed')
    await tell('hidden', 'incident.read')
    await tell('shown', 'force.read')
    await stream.heard(({ subjectId }) => subjectId === 'shown')
    expect(stream.messages.map(({ subjectId }) => subjectId)).not.toContain('hidden')
    await security.send('DELETE', `${path}/tokens/${issued.body.id}`)
    expect(await stream.closed).toBe(4401)
  })

  it('close on one who sends more than a board does', async () => {
    const caller = await house.as('dispatcher')
    const { socket, closed } = await listen({ authorization: `Bearer ${caller.token}` })
    const view = JSON.stringify({ t: 'viewport', west: 0, south: 0, east: 1, north: 1 })
    for (let n = 0; n < 500; n++) socket.send(view)
    expect(await closed).toBe(1008)
  })

  it('refuses a page of another site, whatever cookie its visitor has', async () => {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: 'xunfang_session=x', origin: 'https://elsewhere.example' },
    })
    const [fault] = (await once(socket, 'error')) as [Error]
    expect(fault.message).toContain('401')
  })
})
