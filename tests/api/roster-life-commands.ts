import { expect } from 'vitest'
import { addDays } from '../../foundation/core/day.ts'
import { localDate } from '../../foundation/core/instant.ts'
import type { Caller } from '../house.ts'
import type { Asked, Command } from './command.ts'
import { draftRoster } from './roster-commands.ts'
import type { TwoStations } from './two-stations.ts'

const LENGTH = 56

/** A published roster from yesterday on, in which three officers of the east station have office days by turns. */
export async function publishRoster({ all, east }: TwoStations) {
  const today = localDate(Date.now(), 'Asia/Shanghai')
  const fromDate = addDays(today, -1)
  const checked = async <T>(method: string, path: string, body: object, version: number): Promise<T> => {
    const reply = await all.send<T>(method, path, body, { 'if-match': `"${version}"` })
    expect(reply.status, `${path} ${JSON.stringify(reply.body)}`).toBeLessThan(300)
    return reply.body
  }
  const { id, version } = await draftRoster(all, fromDate, LENGTH)
  const { body } = await all.get<{ options: { key: string }[] }>(`/api/rosters/${id}`)
  const option = body.options.find(({ key }) => key.startsWith(`${east.organisationId}/office/`))!.key
  // Every third day is one of theirs: no rest and no week is broken.
  const changes = Array.from({ length: LENGTH }, (_, day) => ({
    ...{ officerId: east.officers[day % 3]!, date: addDays(fromDate, day), option },
  }))
  const changed = await checked<{ version: number }>(
    'PATCH',
    `/api/rosters/${id}/cells`,
    { changes },
    version,
  )
  await checked(
    'POST',
    `/api/rosters/${id}/publish`,
    { acceptBreaches: true, reason: '先行试排' },
    changed.version,
  )
  return {
    id,
    today,
    /** The nth day from tomorrow on that is an officer's own. */
    dayOf: (officer: number, n: number) => {
      const first = Array.from({ length: 3 }, (_, day) => day + 2).find((day) => day % 3 === officer)!
      return addDays(fromDate, first + 3 * n)
    },
  }
}

/**
 * One successful call of every command on a published roster. They are an officer's own affairs or a chief's about
 * others, so every account of the stage is given an officer: the third of the east station.
 */
export function rosterLifeCommands(
  stage: TwoStations,
  settingAt: (url: string, key: string) => Promise<Asked>,
): readonly Command[] {
  type Ready = Awaited<ReturnType<typeof publishRoster>> & { readonly second: Caller }
  let begun: Promise<Ready> | null = null
  const ready = () =>
    (begun ??= (async () => {
      const published = await publishRoster(stage)
      await stage.house.database.db
        .updateTable('account')
        .set({ officer_id: stage.east.officers[2]! })
        .where('officer_id', 'is', null)
        .execute()
      return { ...published, second: await stage.officerAt(stage.east, stage.east.officers[1]!) }
    })())
  let n = 0
  const officer = (index: number) => stage.east.officers[index]!
  const made = async (path: string, body: object, by = stage.all): Promise<string> => {
    const reply = await by.send<{ id?: string; sickCall?: { id: string } }>('POST', path, body)
    expect(reply.status, `${path} ${JSON.stringify(reply.body)}`).toBeLessThan(300)
    return reply.body.id ?? reply.body.sickCall?.id ?? ''
  }
  const absence = async () => {
    const { today } = await ready()
    const date = addDays(today, 100 + n++)
    return { officerId: officer(0), kind: 'leave', fromDate: date, untilDate: date }
  }
  const onAbsence = async (verb: string, body?: object): Promise<Asked> => ({
    path: `/api/absences/${await made('/api/absences', await absence())}/${verb}`,
    body,
  })
  /** The first officer's day for the second's or the third's. */
  const swap = async (other = 1) => {
    const { dayOf } = await ready()
    const at = n++
    return {
      ...{ fromOfficerId: officer(0), fromDate: dayOf(0, at) },
      ...{ withOfficerId: officer(other), withDate: dayOf(other, at) },
    }
  }
  const onSwap = async (verb: string, other: number, body?: object): Promise<Asked> => ({
    path: `/api/roster-swaps/${await made('/api/roster-swaps', await swap(other))}/${verb}`,
    body,
  })
  const sickCall = async () => {
    const { dayOf } = await ready()
    return { officerId: officer(1), date: dayOf(1, n++) }
  }
  return [
    ['POST /api/absences', async () => ({ path: '/api/absences', body: await absence() })],
    ['POST /api/absences/{id}/approve', () => onAbsence('approve', {})],
    ['POST /api/absences/{id}/refuse', () => onAbsence('refuse', { reason: '人手紧张' })],
    ['POST /api/absences/{id}/withdraw', () => onAbsence('withdraw')],
    [
      'POST /api/roster-wishes',
      async () => ({
        path: '/api/roster-wishes',
        body: { date: addDays((await ready()).today, 60), shift: null, isWanted: true, weight: 2 },
      }),
    ],
    [
      'DELETE /api/roster-wishes/{date}',
      async () => {
        const date = addDays((await ready()).today, 61)
        await made('/api/roster-wishes', { date, shift: null, isWanted: true, weight: 2 })
        return { path: `/api/roster-wishes/${date}` }
      },
    ],
    [
      'POST /api/rosters/{id}/acknowledge',
      async () => ({ path: `/api/rosters/${(await ready()).id}/acknowledge` }),
    ],
    ['POST /api/roster-swaps', async () => ({ path: '/api/roster-swaps', body: await swap() })],
    ['POST /api/roster-swaps/{id}/accept', () => onSwap('accept', 2)],
    ['POST /api/roster-swaps/{id}/refuse', () => onSwap('refuse', 1, { reason: '另有安排' })],
    ['POST /api/roster-swaps/{id}/withdraw', () => onSwap('withdraw', 1)],
    [
      'POST /api/roster-swaps/{id}/approve',
      async () => {
        const id = await made('/api/roster-swaps', await swap())
        await made(`/api/roster-swaps/${id}/accept`, {}, (await ready()).second)
        return { path: `/api/roster-swaps/${id}/approve` }
      },
    ],
    ['POST /api/sick-calls', async () => ({ path: '/api/sick-calls', body: await sickCall() })],
    [
      'POST /api/sick-calls/{id}/cover',
      async () => ({
        path: `/api/sick-calls/${await made('/api/sick-calls', await sickCall())}/cover`,
        body: { officerId: null, reason: '无人可派' },
      }),
    ],
    [
      'POST /api/roster-attendance',
      async () => {
        const { today } = await ready()
        const { organisationId } = stage.east
        const lines = [{ officerId: officer(0), state: 'present' }]
        return { path: '/api/roster-attendance', body: { date: today, organisationId, lines } }
      },
    ],
    [
      'POST /api/my-roster/calendar',
      async () => {
        await ready()
        return { path: '/api/my-roster/calendar' }
      },
    ],
    [
      'DELETE /api/my-roster/calendar',
      async () => {
        await ready()
        await made('/api/my-roster/calendar', {})
        return { path: '/api/my-roster/calendar' }
      },
    ],
    ['PUT /api/roster-life/roster.life', () => settingAt('/api/roster-life', 'roster.life')],
  ]
}
