import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'

const PASSWORD = 'river-bridge-lamp'
const ACCOUNTS = [
  { username: 'anquan', name: '安全管理员', password: PASSWORD, role: 'security-admin' },
  { username: 'zhihui', name: '值班领导', password: PASSWORD, role: 'duty-commander' },
]
const DESK = '10.1.0.5'
const ATTACKER = '203.0.113.9'

interface Door {
  readonly house: TestHouse
  signIn(from: string, password?: string): Promise<{ status: number; waitSeconds: number | undefined }>
}

async function openDoor(trustedProxies: readonly string[], now: () => number): Promise<Door> {
  const house = await openHouse({ now, trustedProxies })
  const post = (path: string, body: unknown, from: string) =>
    fetch(house.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify(body),
    })
  const set = await post('/api/setup', { token: house.server.setupToken(), accounts: ACCOUNTS }, DESK)
  expect(set.status).toBe(201)
  return {
    house,
    async signIn(from, password = PASSWORD) {
      const answer = await post('/api/session', { username: 'zhihui', password }, from)
      const { about } = (await answer.json()) as { about?: { waitSeconds?: number } }
      return { status: answer.status, waitSeconds: about?.waitSeconds }
    },
  }
}

const addressesIn = async (house: TestHouse) =>
  (
    await house.database.pool.query<{ ip: string }>(
      `select distinct ip from audit_entry where action in ('session.open', 'session.refused') order by ip`,
    )
  ).rows.map(({ ip }) => ip)

describe('behind a proxy that is trusted', () => {
  let door: Door
  let now = Date.parse('2026-11-24T08:00:00Z')
  beforeAll(async () => {
    door = await openDoor(['127.0.0.1'], () => now)
  })
  afterAll(() => door.house.close())

  it('shuts out the address that guesses, not the person whose name it guesses at', async () => {
    for (let i = 0; i < 5; i++) expect((await door.signIn(ATTACKER, `wrong ${i}`)).status).toBe(401)
    expect(await door.signIn(ATTACKER)).toEqual({ status: 429, waitSeconds: 60 })
    expect((await door.signIn(DESK)).status).toBe(200)
    now += 61_000
    expect((await door.signIn(ATTACKER, 'wrong again')).status).toBe(401)
    expect(await door.signIn(ATTACKER)).toEqual({ status: 429, waitSeconds: 120 })
  })

  it('writes the address of the caller into the audit log, not that of the proxy', async () => {
    expect(await addressesIn(door.house)).toEqual([DESK, ATTACKER])
  })

  it('slows guessing from many addresses, and lets the person in where he has been before', async () => {
    now += 3_600_000
    for (let i = 0; i < 50; i++) await door.signIn(`198.51.100.${i}`, `wrong ${i}`)
    expect(await door.signIn('198.51.100.200')).toEqual({ status: 429, waitSeconds: 5 })
    expect((await door.signIn(DESK)).status).toBe(200)
    expect((await door.signIn('198.51.100.200')).status, 'a right password ends it').toBe(200)
  })
})

describe('where no proxy is named', () => {
  let door: Door
  beforeAll(async () => {
    door = await openDoor([], () => Date.parse('2026-11-24T08:00:00Z'))
  })
  afterAll(() => door.house.close())

  it('believes nobody about the address he comes from', async () => {
    for (let i = 0; i < 5; i++) await door.signIn(`203.0.113.${i}`, `wrong ${i}`)
    expect(await door.signIn('203.0.113.77')).toEqual({ status: 429, waitSeconds: 60 })
    expect(await addressesIn(door.house)).toEqual(['127.0.0.1'])
  })
})
