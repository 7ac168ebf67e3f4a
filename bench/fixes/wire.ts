import { connect, type Socket } from 'node:net'
import type { Shape } from './made-up.ts'

/** The orders that the bench gives to the processes that play devices and boards, and what they report. */
export type Order =
  | {
      readonly play: 'load'
      readonly port: number
      readonly shape: Shape
      readonly beginAt: number
      readonly fixesADevice: number
      readonly devices: readonly Sender[]
      readonly gateway: Sender
    }
  | {
      readonly play: 'trickle'
      readonly port: number
      readonly senders: readonly Sender[]
      readonly perSecond: number
      readonly seconds: number
    }
  | { readonly play: 'boards'; readonly port: number; readonly token: string; readonly boards: number }

export interface Sender {
  readonly code: string
  readonly secret: string
}

/** One keep-alive connection, one request at a time: no client library between the clock and the server. */
export interface Connection {
  send(request: string): Promise<{ status: number; body: string }>
  close(): void
}

export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received = ''
    let settle: ((answer: { status: number; body: string }) => void) | null = null
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (text: string) => {
      received += text
      const head = received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, head))?.[1] ?? 0)
      if (received.length < head + 4 + length) return
      const answer = {
        status: Number(received.slice(9, 12)),
        body: received.slice(head + 4, head + 4 + length),
      }
      received = received.slice(head + 4 + length)
      settle?.(answer)
    })
    socket.on('connect', () =>
      resolve({
        send: (request) =>
          new Promise((done) => {
            settle = done
            socket.write(request, 'latin1')
          }),
        close: () => socket.destroy(),
      }),
    )
  })
}
