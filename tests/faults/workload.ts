import { setTimeout as pause } from 'node:timers/promises'
import { seededChance, type Chance } from '../../foundation/core/chance.ts'
import { newId } from '../../foundation/server/ids.ts'
import { ask, type Answer, type TestDevice } from './house.ts'

/** A command that the server has said yes to. */
export interface Acknowledged {
  readonly key: string
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly answer: { readonly [field: string]: unknown }
  readonly does: 'report' | 'order' | 'acknowledge' | 'depart' | 'arrive' | 'release' | 'close'
  /** The assignment, or else the incident, that it is about. */
  readonly subjectId: string
}

export interface Workload {
  readonly acknowledged: readonly Acknowledged[]
  /** Moments of the fixes that were answered with 200 and stored, as ISO 8601. */
  readonly fixes: readonly string[]
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>
  /** Answers that were lost with a connection, and repeated commands whose first try had taken effect. */
  readonly lost: { answers: number; replays: number }
  /** Resolves when so many more commands have been acknowledged; rejects when a client has failed. */
  more(count: number): Promise<void>
  /** Lets every client finish the command it is at. */
  end(): Promise<void>
}

interface World {
  readonly url: string
  readonly token: string
  readonly unitIds: readonly string[]
  readonly device: TestDevice
  readonly dispatchers: number
}

/**
 * Dispatchers and crews at work through the public API: calls are taken, units sent (often one that somebody else wants
 * too), orders read, driven, arrived at and ended, incidents closed. Each command is sent under one key until it is
 * answered, as a console does whose connection breaks. A telephone reports its position all the while.
 */
export function startWork({ url, token, unitIds, device, dispatchers }: World): Workload {
  const acknowledged: Acknowledged[] = []
  const fixes: string[] = []
  const statuses = new Map<number, number>()
  const lost = { answers: 0, replays: 0 }
  const incidentIds: string[] = []
  let ended = false
  let failed: Error | null = null
  let wake = () => {}

  /** Until it is answered by something else than «try again». */
  async function insist(path: string, send: () => Promise<Answer>): Promise<Answer> {
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        const answer = await send()
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        if (answer.status >= 500 && answer.status !== 503)
          throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
        if (answer.status !== 503) {
          if (isRepeated && answer.headers.has('idempotency-replayed')) lost.replays += 1
          return answer
        }
      } catch (fault) {
        // A broken connection: whether the command took effect only the next answer tells.
        if (!(fault instanceof TypeError)) throw fault
        lost.answers += 1
      }
      await pause(20)
    }
  }

  async function command(
    does: Acknowledged['does'],
    path: string,
    subjectOf: (answer: never) => string,
    body?: unknown,
  ): Promise<string | null> {
    const key = newId()
    const send = () =>
      ask(url + path, { method: 'POST', token, key, ...(body === undefined ? {} : { body }) })
    const { status, body: answer } = await insist(path, send)
    if (status >= 300) {
      if (status >= 400 && status < 500 && status !== 409)
        throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`)
      return null
    }
    const subjectId = subjectOf(answer as never)
    acknowledged.push({ key, path, body, status, answer: answer as Acknowledged['answer'], does, subjectId })
    wake()
    return subjectId
  }

  async function takeCall(): Promise<void> {
    const report = {
      origin: 'citizen',
      typeCode: '0301',
      summary: '两车追尾',
      address: '人民路',
      position: { lon: 116.4, lat: 39.9 },
    }
    const opened = await command(
      'report',
      '/api/reports',
      (answer: { incident: { id: string } }) => answer.incident.id,
      report,
    )
    if (opened) incidentIds.push(opened)
  }

  async function send(chance: Chance): Promise<void> {
    const incidentId = chance.pick(incidentIds)
    const assignmentId = await command(
      'order',
      `/api/incidents/${incidentId}/dispatch`,
      (answer: { assignments: { id: string }[] }) => answer.assignments[0]!.id,
      { unitIds: [chance.pick(unitIds)] },
    )
    if (!assignmentId) return
    const self = (answer: { id: string }) => answer.id
    const steps = ['acknowledge', 'depart', 'arrive'] as const
    for (const step of steps.slice(0, chance.below(4)))
      await command(step, `/api/assignments/${assignmentId}/${step}`, self)
    await command('release', `/api/assignments/${assignmentId}/release`, self, {
      cause: 'recalled',
      reason: '换车',
    })
    if (chance.next() < 0.1 && incidentIds.length > 3) {
      const at = incidentIds.indexOf(incidentId)
      if (at >= 0) incidentIds.splice(at, 1)
      await command('close', `/api/incidents/${incidentId}/close`, self, {
        dispositionCode: 'withdrawn',
        result: '报警人撤销',
      })
    }
  }

  async function dispatch(seed: number): Promise<void> {
    const chance = seededChance(seed)
    while (!ended) {
      if (incidentIds.length < 4 || chance.next() < 0.15) await takeCall()
      else await send(chance)
    }
  }

  async function reportPositions(): Promise<void> {
    const path = '/positions/batch'
    for (let sent = 0; !ended; sent++) {
      const fixedAt = new Date().toISOString()
      const body = {
        deviceId: device.code,
        fixes: [{ fixedAt, lon: 116.4 + (sent % 100) * 1e-5, lat: 39.9 }],
      }
      const answer = await insist(path, () => ask(url + path, { method: 'POST', token: device.secret, body }))
      if (answer.status !== 200)
        throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
      const { stored, duplicate } = answer.body as { stored: number; duplicate: number }
      if (stored + duplicate !== 1) throw new Error(`${path} stored nothing: ${JSON.stringify(answer.body)}`)
      fixes.push(fixedAt)
      await pause(20)
    }
  }

  const clients = Array.from({ length: dispatchers }, (_, n) => dispatch(n + 1))
  const work = Promise.all([...clients, reportPositions()]).catch((fault: Error) => {
    failed = fault
    ended = true
    wake()
  })

  return {
    acknowledged,
    fixes,
    statuses,
    lost,
    async more(count) {
      const goal = acknowledged.length + count
      while (acknowledged.length < goal) {
        if (failed) throw failed
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    async end() {
      ended = true
      await work
      if (failed) throw failed
    },
  }
}
