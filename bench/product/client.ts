import { Agent, request } from 'node:http'
import { newId } from '../../foundation/server/ids.ts'

export interface Reply {
  readonly status: number
  readonly text: string
}

/** Kept-alive connections, as many as are needed at once. */
export interface Client {
  get(path: string): Promise<Reply>
  /** A command under an Idempotency-Key of its own, as the console sends it. */
  post(path: string, body?: object, token?: string): Promise<Reply>
  close(): void
}

export function openClient({ port, token }: { port: number; token: string }): Client {
  const agent = new Agent({ keepAlive: true, noDelay: true })

  function send(method: string, path: string, body: string | null, bearer: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${bearer}`,
        ...(method === 'POST' ? { 'idempotency-key': newId() } : {}),
        ...(body === null
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      }
      const sent = request({ agent, port, host: '127.0.0.1', method, path, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString('utf8') }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  return {
    get: (path) => send('GET', path, null, token),
    post: (path, body, bearer = token) =>
      send('POST', path, body === undefined ? null : JSON.stringify(body), bearer),
    close: () => agent.destroy(),
  }
}

/** The parsed body of a reply that must have succeeded. */
export function bodyOf<T>(reply: Reply): T {
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`)
  return JSON.parse(reply.text) as T
}
