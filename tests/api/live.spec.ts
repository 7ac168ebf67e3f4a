import { createServer } from 'node:http'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '../../foundation/server/db.ts'
import { announce } from '../../foundation/server/outbox/outbox.ts'
import { openHouse, type Caller, type TestHouse } from '../house.ts'

interface Message {
  t: string
  seq?: number
  subjectId?: string
  reason?: string
  head?: number
}

describe('live stream', () => {
  let house: TestHouse
  let everyone: Caller
  beforeAll(async () => {
    house = await openHouse()
    everyone = await house.as('system-admin')
  })
  afterAll(() => house.close())

  const tell = async (subjectId: string, permission = 'signed-in') => {
    await inTransaction(house.database.db, (tx) =>
      announce(tx, {
        topic: 'test.told',
        subjectId,
        organisationId: null,
        permission,
        at: Date.now(),
        data: { n: 1 },
      }),
    )
    house.server.app.outbox.wake()
  }

  function listen(caller: Caller, after?: number) {
    const socket = new WebSocket(
      `${house.url.replace('http', 'ws')}/api/live${after === undefined ? '' : `?after=${after}`}`,
      {
        headers: { authorization: `Bearer ${caller.token}` },
      },
    )
    const messages: Message[] = []
    socket.on('message', (raw) => messages.push(JSON.parse(String(raw)) as Message))
    return {
      socket,
      messages,
      subjects: () => messages.filter((message) => message.t === 'event').map((message) => message.subjectId),
    }
  }
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('refuses one who has not signed in', async () => {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/live`)
    const [fault] = (await once(socket, 'error')) as [Error]
    expect(fault.message).toContain('401')
  })

  it('goes on from the last event seen, missing none', async () => {
    const first = listen(everyone)
    await until(() => first.messages.some((message) => message.t === 'hello'))
    await tell('a')
    await until(() => first.subjects().includes('a'))
    const seen = first.messages.at(-1)!.seq!
    first.socket.terminate()
    await tell('b')
    await tell('c')
    const second = listen(everyone, seen)
    await tell('d')
    await until(() => second.subjects().includes('d'))
    expect(second.subjects()).toEqual(['b', 'c', 'd'])
    second.socket.close()
  })

  it('does not show what the listener may not see', async () => {
    const listener = listen(everyone)
    await until(() => listener.messages.some((message) => message.t === 'hello'))
    await tell('hidden', 'account.manage')
    await tell('shown', 'webhook.manage')
    await until(() => listener.subjects().includes('shown'))
    expect(listener.subjects()).not.toContain('hidden')
    listener.socket.close()
  })

  it('tells a client to reload when events it missed are gone, or when the stream is not the one it knew', async () => {
    const ahead = listen(everyone, 1_000_000)
    const [code] = (await once(ahead.socket, 'close')) as [number]
    expect(code).toBe(4000)
    expect(ahead.messages).toEqual([{ t: 'reload', reason: 'stream-restarted' }])

    await house.server.flows.settled()
    await house.database.pool.query('delete from outbox where seq <= 2')
    const behind = listen(everyone, 0)
    await once(behind.socket, 'close')
    expect(behind.messages).toEqual([{ t: 'reload', reason: 'missed-events' }])
  })

  it('sends webhooks signed, in order, and again after a failure', async () => {
    const received: { events: { subjectId: string }[] }[] = []
    let failing = true
    const receiver = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk) => (text += chunk))
      request.on('end', () => {
        if (!failing && /^t=\d+,v1=[0-9a-f]{64}$/.test(String(request.headers['x-xunfang-signature'])))
          received.push(JSON.parse(text) as (typeof received)[0])
        response.writeHead(failing ? 500 : 204).end()
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as { port: number }
    const added = await everyone.send<{ webhook: { id: string; version: number } }>('POST', '/api/webhooks', {
      url: `http://127.0.0.1:${port}/`,
      topics: ['test.*'],
    })
    expect(added.status).toBe(201)
    await tell('w1')
    await tell('w2')
    const status = async () =>
      (await everyone.get<{ webhooks: { lastStatus: string }[] }>('/api/webhooks')).body.webhooks[0]!
        .lastStatus
    while ((await status()) !== 'HTTP 500') await new Promise((resolve) => setTimeout(resolve, 50))
    failing = false
    await everyone.send(
      'PATCH',
      `/api/webhooks/${added.body.webhook.id}`,
      { active: true },
      { 'if-match': `"${added.body.webhook.version}"` },
    )
    await until(() => received.length > 0)
    expect(received.flatMap((delivery) => delivery.events.map((event) => event.subjectId))).toEqual([
      'w1',
      'w2',
    ])
    receiver.close()
  })
})
