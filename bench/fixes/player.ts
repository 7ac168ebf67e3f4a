import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { fixesFrom, get, requestsOf } from './made-up.ts'
import { openConnection, type Order } from './wire.ts'

/**
 * A process that plays devices or boards, apart from the server's, so that the server is measured and not its callers.
 * It takes one order, reports what came of it, and ends when it is told to.
 */
const words: Record<string, () => void> = { stop: () => process.exit() }
process.on('message', (order: Order | string) => {
  if (typeof order === 'string') words[order]?.()
  else if (order.play === 'load') void load(order)
  else if (order.play === 'trickle') void trickle(order)
  else void watch(order)
})
process.send!({ ready: true })

/** Each list of requests goes over a connection of its own, one after the other, as fast as answers come. */
async function load(order: Extract<Order, { play: 'load' }>): Promise<void> {
  const requests = requestsOf(
    order.shape,
    order,
    fixesFrom(order.beginAt, order.devices.length, order.fixesADevice),
  )
  const connections = await Promise.all(requests.map(() => openConnection(order.port)))
  const begun = new Promise<void>((resolve) => (words['go'] = resolve))
  process.send!({ built: true })
  await begun
  let stored = 0
  let refused = 0
  const startedAt = performance.now()
  await Promise.all(
    requests.map(async (list, c) => {
      for (const request of list) {
        const { status, body } = await connections[c]!.send(request)
        if (status === 200) stored += Number(/"stored":(\d+)/.exec(body)?.[1] ?? 0)
        else refused++
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of connections) connection.close()
  process.send!({ done: true, stored, refused, seconds })
}

/** Every device sends its position in OsmAnd's form, evenly spread over time, whether the last one has been answered or not. */
async function trickle({
  port,
  senders,
  perSecond,
  seconds,
}: Extract<Order, { play: 'trickle' }>): Promise<void> {
  const idle = await Promise.all(Array.from({ length: 64 }, () => openConnection(port)))
  const total = perSecond * seconds
  const answers: number[] = []
  let sent = 0
  let open = 0
  let late = 0
  const startedAt = performance.now()
  const sendOne = async () => {
    const { code, secret } = senders[sent % senders.length]!
    const step = Math.floor(sent / senders.length)
    sent++
    const connection = idle.pop() ?? (late++, await openConnection(port))
    const at = performance.now()
    open++
    const lon = (121.45 + (sent % senders.length) * 0.0001).toFixed(6)
    const lat = (31.2 + step * 0.00002).toFixed(6)
    await connection.send(
      get(
        `/positions/osmand?id=${code}&key=${secret}&lat=${lat}&lon=${lon}&timestamp=${Date.now()}&speed=8&bearing=90&accuracy=5&batt=80`,
      ),
    )
    answers.push(performance.now() - at)
    idle.push(connection)
    open--
  }
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond))
    while (sent < due) void sendOne()
    await pause(2)
  }
  while (open > 0) await pause(5)
  const took = (performance.now() - startedAt) / 1000
  process.send!({ done: true, sent, late, perSecond: sent / took, answers: percentiles(answers) })
}

/** Boards that look at the whole district. Tells, when asked, how old each position was when it arrived. */
async function watch({ port, token, boards }: Extract<Order, { play: 'boards' }>): Promise<void> {
  const ages: number[] = []
  const latest = new Map<string, string>()
  let messages = 0
  await Promise.all(
    Array.from({ length: boards }, (_, board) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, {
        headers: { authorization: `Bearer ${token}` },
      })
      socket.on('message', (raw: Buffer) => {
        const arrivedAt = Date.now()
        const message = JSON.parse(raw.toString()) as {
          t: string
          full: boolean
          units: { id: string; fixedAt: string }[]
        }
        if (message.t !== 'positions') return
        messages++
        for (const unit of message.units) {
          if (!message.full) ages.push(arrivedAt - Date.parse(unit.fixedAt))
          if (board === 0) latest.set(unit.id, unit.fixedAt)
        }
      })
      return new Promise<WebSocket>((resolve, reject) => {
        socket.on('error', reject)
        socket.once('message', () => resolve(socket))
      })
    }),
  )
  words['report'] = () =>
    process.send!({ report: true, messages, ages: percentiles(ages), latest: Object.fromEntries(latest) })
  words['forget'] = () => void (ages.length = 0)
  process.send!({ watching: true })
}

function percentiles(values: number[]) {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) }
}
