import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { refuse, type Refusal } from '../../foundation/core/outcome.ts'

/** What `npm start -- …` was asked for. */
export interface StartArguments {
  readonly port: number
  readonly host: string
  /** The data folder; null: the project's own `data`. */
  readonly dataFolder: string | null
  /** The name of a district to load on first run; `demo` is the generated one. */
  readonly district: string
  readonly osmFile: string | null
  readonly incidentsFile: string | null
  /** How the incidents file is read; null: the preset named like the district, or the mapping beside the file. */
  readonly mappingFile: string | null
  readonly hourProfileFile: string | null
  /** Whether simulated units and callers play. */
  readonly play: boolean
  readonly databaseUrl: string | null
  /** Addresses and networks of reverse proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
}

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  district: { type: 'string' },
  osm: { type: 'string' },
  incidents: { type: 'string' },
  map: { type: 'string' },
  'hour-profile': { type: 'string' },
  'trust-proxy': { type: 'string' },
  'no-play': { type: 'boolean' },
} as const

/** Reads the command line and the environment. Refuses with the word that is at fault. */
export function readArguments(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartArguments | Refusal {
  let values: ReturnType<typeof parse>
  try {
    values = parse(words)
  } catch (fault) {
    return refuse('invalid-argument', { detail: { message: (fault as Error).message } })
  }
  const portText = values.port ?? environment.PORT ?? '8080'
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : NaN
  if (!(port >= 0 && port <= 65535))
    return refuse('invalid-argument', {
      field: '--port',
      detail: { message: `--port takes a number from 0 to 65535, not «${portText}»` },
    })
  const trusted = (values['trust-proxy'] ?? environment.TRUST_PROXY ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const unreadable = trusted.find((word) => !isNetwork(word))
  if (unreadable !== undefined)
    return refuse('invalid-argument', {
      field: '--trust-proxy',
      detail: {
        message: `--trust-proxy takes addresses and networks such as 127.0.0.1,10.0.0.0/8, not «${unreadable}»`,
      },
    })
  if ((values.incidents || values['hour-profile']) && !values.osm)
    return refuse('invalid-argument', {
      field: '--osm',
      detail: { message: '--incidents needs --osm FILE.osm.pbf: calls are answered on roads' },
    })
  return {
    port,
    host: values.host ?? environment.HOST ?? '0.0.0.0',
    dataFolder: values.data ?? null,
    district: values.district ?? (values.osm ? 'district' : 'demo'),
    osmFile: values.osm ?? null,
    incidentsFile: values.incidents ?? null,
    mappingFile: values.map ?? null,
    hourProfileFile: values['hour-profile'] ?? null,
    play: !values['no-play'],
    databaseUrl: environment.DATABASE_URL ?? null,
    trustedProxies: trusted,
  }
}

/** An address, or a network as address/bits. A proxy that is trusted by mistake lets anyone claim any address, so nothing vaguer is taken. */
function isNetwork(word: string): boolean {
  const [address = '', bits, ...more] = word.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  )
}

function parse(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values
}
