/** What devices are made to say; the same from the same moment on, wherever it is worked out. */
export interface Fix {
  readonly fixedAt: number
  readonly lon: number
  readonly lat: number
}

/** How 1,000 devices send: each on its own connection, fifty fixes at a time; or through gateways, 50 devices each. */
export const SHAPES = ['a device’s batches of 50', 'a gateway’s batches of 500'] as const
export type Shape = (typeof SHAPES)[number]

interface Senders {
  readonly devices: readonly { readonly code: string; readonly secret: string }[]
  readonly gateway: { readonly code: string; readonly secret: string }
}

/** By device: one fix a second, moving to and fro at up to 5 m/s. */
export function fixesFrom(beginAt: number, devices: number, each: number): Fix[][] {
  return Array.from({ length: devices }, (_, device) =>
    Array.from({ length: each }, (_, i) => ({
      fixedAt: beginAt + i * 1_000,
      lon: 121.4 + (device % 40) * 0.002 + Math.sin((beginAt / 1_000 + i) / 100) * 0.005,
      lat: 31.1 + Math.floor(device / 40) * 0.002,
    })),
  )
}

/** The requests that tell these fixes, a list a connection; a device keeps to one, so that its fixes arrive in order. */
export function requestsOf(shape: Shape, senders: Senders, fixes: readonly Fix[][]): string[][] {
  return shape === 'a device’s batches of 50' ? ownBatches(senders, fixes) : gatewayBatches(senders, fixes)
}

const told = ({ fixedAt, lon, lat }: Fix, deviceId = '') =>
  `{${deviceId && `"deviceId":"${deviceId}",`}"fixedAt":"${new Date(fixedAt).toISOString()}","lon":${lon.toFixed(6)},"lat":${lat.toFixed(6)},"accuracyMetres":5,"speedMetresPerSecond":7.5,"bearingDegrees":90,"batteryPercent":80}`

function ownBatches({ devices }: Senders, fixes: readonly Fix[][]): string[][] {
  return devices.map(({ code, secret }, device) =>
    cut(fixes[device]!, 50).map((some) =>
      post(
        '/positions/batch',
        secret,
        `{"deviceId":"${code}","fixes":[${some.map((fix) => told(fix)).join()}]}`,
      ),
    ),
  )
}

function gatewayBatches({ devices, gateway }: Senders, fixes: readonly Fix[][]): string[][] {
  return cut(devices, 50).map((members, group) => {
    const each = fixes[0]!.length
    const list: string[] = []
    for (let begin = 0; begin < each; begin += 10) {
      const some: string[] = []
      for (let i = begin; i < begin + 10; i++) {
        members.forEach(({ code }, member) => some.push(told(fixes[group * 50 + member]![i]!, code)))
      }
      list.push(post('/positions/batch?id=gateway', gateway.secret, `{"fixes":[${some.join()}]}`))
    }
    return list
  })
}

function cut<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}

/** A POST as it goes over the wire. */
export function post(path: string, secret: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${secret}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: bench\r\n\r\n`
}
