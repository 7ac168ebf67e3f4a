import { bodyOf, type Reply } from '../product/client.ts'
import type { Product } from '../product/product.ts'

export interface Races {
  readonly product: Product
  readonly unitIds: readonly string[]
  readonly incidentIds: readonly string[]
  readonly count: number
}

/** Few units and many clients: each unit is fought over by four at once, all the time. */
const UNITS = 6
const CLIENTS_A_UNIT = 4

/** In each race four clients order the same unit to four incidents in the same moment, and the winner lets it go. */
export async function race({ product, unitIds, incidentIds, count }: Races) {
  const wanted = unitIds.slice(0, UNITS)
  const { rows } = await product.database.pool.query<{ head: number }>('select max(seq) as head from outbox')
  let begun = 0
  let held = 0
  let notWonOnce = 0
  const startedAt = performance.now()
  await Promise.all(
    wanted.map(async (unitId, lane) => {
      while (begun < count) {
        const number = begun++
        const answers = await Promise.all(
          Array.from({ length: CLIENTS_A_UNIT }, (_, client) =>
            order(unitId, incidentIds[(number * CLIENTS_A_UNIT + client + lane * 37) % incidentIds.length]!),
          ),
        )
        const won = answers.filter(({ status }) => status === 201)
        const lost = answers.filter(
          ({ status, text }) => status === 409 && text.includes('unit-already-assigned'),
        )
        if (won.length + lost.length < answers.length)
          throw new Error(`an order was neither won nor lost: ${answers.map(said).join(' | ')}`)
        held += 1
        if (won.length !== 1) notWonOnce += 1
        for (const answer of won) await release(answer)
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  await product.settled()
  return {
    held,
    notWonOnce,
    orders: held * CLIENTS_A_UNIT,
    racesASecond: held / seconds,
    doubled: await countDoubled(product, wanted, rows[0]!.head),
  }

  function order(unitId: string, incidentId: string): Promise<Reply> {
    return product.client.post(`/api/incidents/${incidentId}/dispatch`, { unitIds: [unitId] })
  }

  async function release(won: Reply): Promise<void> {
    const { assignments } = bodyOf<{ assignments: { id: string }[] }>(won)
    bodyOf(
      await product.client.post(`/api/assignments/${assignments[0]!.id}/release`, {
        cause: 'recalled',
        reason: '换车',
      }),
    )
  }
}

const said = ({ status, text }: Reply) => `${status} ${text.slice(0, 200)}`

/**
 * Units that are or were in two places: two assignments open now, or, since `afterSeq`, two orders of a unit in the
 * stream (whose order is that of the commits) without a release between them.
 */
async function countDoubled(
  { database }: Product,
  unitIds: readonly string[],
  afterSeq: number,
): Promise<number> {
  const { rows } = await database.pool.query<{ doubled: number }>(
    `select (select count(*) from (
               select unit_id from assignment where released_at is null group by unit_id having count(*) > 1) as twice)
          + (select count(*) from (
               select topic, lag(topic) over (partition by data ->> 'unitId' order by seq) as before
                 from outbox
                where topic in ('assignment.ordered', 'assignment.released')
                  and data ->> 'unitId' = any ($1) and seq > $2) as steps
              where topic = 'assignment.ordered' and before = 'assignment.ordered') as doubled`,
    [unitIds, afterSeq],
  )
  return rows[0]!.doubled
}
