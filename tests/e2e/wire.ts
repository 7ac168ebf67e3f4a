import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire between a page and the server, whose live streams can be torn while everything else goes through. */
export interface Wire {
  readonly url: string
  /** Resets the TCP connection of every live stream and takes no new one. Gives how many were torn. */
  cut(): number
  /** Takes live streams again. */
  mend(): void
  close(): Promise<void>
}

export async function layWire(to: string): Promise<Wire> {
  const { hostname, port } = new URL(to)
  const ends = new Set<Socket>()
  const streams = new Set<() => void>()
  let isCut = false

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    const tear = () => {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end)
      end.setNoDelay(true)
      end.on('error', () => other.destroy())
      end.on('close', () => {
        ends.delete(end)
        streams.delete(tear)
        other.destroy()
      })
    }
    near.once('data', (request: Buffer) => {
      if (request.subarray(0, 13).toString() === 'GET /api/live') {
        if (isCut) return tear()
        streams.add(tear)
      }
      far.write(request)
      near.pipe(far)
    })
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true
      const torn = streams.size
      for (const tear of [...streams]) tear()
      return torn
    },
    mend: () => void (isCut = false),
    async close() {
      for (const end of ends) end.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
