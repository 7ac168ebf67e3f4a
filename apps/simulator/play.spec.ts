import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type Caller as Person, type TestHouse } from '../../tests/house.ts'
import { loadDemonstration } from '../demo/demonstration.ts'
import { prepareCredentials } from './credentials.ts'
import { callsLikeNow, readRoads } from './from-history.ts'
import { play, type Play } from './play.ts'
import type { PlayCredentials } from './players.ts'
import type { CallToPlay, IncidentSeen, TimelineSeen } from './shapes.ts'

/** The house's clock runs this much faster than ours, so that half an hour of work passes in seconds. */
const ACCELERATION = 90
const BASE = Date.UTC(2026, 10, 24, 6)
const began = performance.now()
const now = () => Math.round(BASE + (performance.now() - began) * ACCELERATION)

let house: TestHouse
let person: Person
let credentials: PlayCredentials
let playing: Play
let calls: CallToPlay[]

beforeAll(async () => {
  house = await openHouse({ now })
  await loadDemonstration(house.database, { now: now() })
  credentials = await prepareCredentials(house.database.db, now())
  person = await house.as('duty-commander')
  calls = (await callsLikeNow(house.database, now()))
    .filter(({ typeCode }) => typeCode === '0301')
    .slice(0, 60)
  const start = now()
  playing = await play({
    baseUrl: house.url,
    credentials,
    roads: await readRoads(house.database),
    calls,
    // One call in three minutes of the house's clock.
    dueAt: (occurredAt) =>
      start + 5_000 + calls.findIndex((call) => call.occurredAt === occurredAt) * 180_000,
    seed: 1,
    speed: 1,
    commander: true,
    now,
    tickMilliseconds: 60,
    lookMilliseconds: 150,
  })
}, 120_000)
afterAll(async () => {
  await playing?.stop()
  await house?.close()
})

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (performance.now() > deadline) throw new Error(`never saw ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const incidents = async (status: string) =>
  (await person.get<{ incidents: IncidentSeen[] }>(`/api/incidents?status=${status}`)).body.incidents
const timelineOf = async (id: string) =>
  (await person.get<{ timeline: (TimelineSeen & { at: string })[] }>(`/api/incidents/${id}/timeline`)).body
    .timeline

describe('simulated units through the public API', () => {
  it('report where they are, every one of them, and move along roads', async () => {
    const first = await until('24 positions', async () => {
      const { positions } = (
        await person.get<{ positions: { unitId: string; lon: number; lat: number; isStale: boolean }[] }>(
          '/api/positions',
        )
      ).body
      return positions.length === 24 ? positions : null
    })
    expect(first.every(({ isStale }) => !isStale)).toBe(true)
    await until('units that have moved', async () => {
      const { positions } = (
        await person.get<{ positions: { unitId: string; lon: number; lat: number }[] }>('/api/positions')
      ).body
      const moved = positions.filter(({ unitId, lon, lat }) => {
        const before = first.find((each) => each.unitId === unitId)!
        return Math.hypot(before.lon - lon, before.lat - lat) > 0.001
      })
      return moved.length >= 8 ? moved : null
    })
  })

  it('answer a call from ring to result: confirmed, sent, read, on the way, there, cleared, closed', async () => {
    const [closed] = await until('a closed incident', async () => {
      const found = await incidents('closed')
      return found.length > 0 ? found : null
    })
    const types = (await timelineOf(closed!.id)).map(({ type }) => type)
    for (const type of [
      'opened',
      'level-proposed',
      'level-confirmed',
      'unit-ordered',
      'unit-acknowledged',
      'unit-departed',
      'unit-arrived',
      'unit-released',
      'closed',
    ])
      expect(types).toContain(type)
  })

  it('leave an incident alone that a person has touched', async () => {
    const touched = await until('an open incident that nobody has been sent to', async () => {
      const fresh = (await incidents('open'))[0]
      if (!fresh) return null
      const answer = await person.send('POST', `/api/incidents/${fresh.id}/notes`, { text: '我来处理' })
      const timeline = await timelineOf(fresh.id)
      return answer.status === 200 && !timeline.some(({ type }) => type === 'unit-ordered') ? fresh : null
    })
    // Long enough on the house's clock for the robot to have sent someone three times over.
    const waited = now() + 300_000
    await until('five minutes to pass', async () => (now() > waited ? true : null))
    // Crews still answer what they are asked; the robot asks nothing. What it had begun a moment before may end.
    const commands = ['level-confirmed', 'level-overridden', 'unit-ordered', 'closed']
    const late = (await timelineOf(touched.id)).filter(({ at }) => Date.parse(at) > waited - 240_000)
    expect(late.filter(({ type }) => commands.includes(type))).toEqual([])
  })

  it('answer an activation until everyone called is on the street', async () => {
    const started = await person.send('POST', '/api/activations', { level: 1 })
    expect(started.status).toBe(201)
    await until('a full street', async () => {
      const { total } = (
        await person.get<{ total: { onStreet: number; available: number } }>('/api/street-strength')
      ).body
      return total.onStreet === total.available ? total : null
    })
  })

  it('are refused nothing on the way', () => {
    expect(playing.counts.fixesSent).toBeGreaterThan(1_000)
    expect(playing.counts.callsRefused).toBe(0)
  })
})
