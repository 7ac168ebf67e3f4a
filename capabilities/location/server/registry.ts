import type { Device } from '../core/index.ts'
import { isSameSecret, secretHash } from '../../../foundation/server/identity/secrets.ts'

/** A device with what proves that it is the one. */
export interface RegisteredDevice extends Device {
  readonly secretHash: Buffer
}

/** What a sender shows: who it says it is, and its secret. */
export interface Credentials {
  readonly code: string | null
  readonly secret: string | null
}

/** All devices in memory: whoever sends a fix is known without asking the database. */
export interface DeviceRegistry {
  /** Reads the devices again; at once the truth for every later question. */
  reload(): Promise<void>
  all(): Iterable<RegisteredDevice>
  byNumber(number: number): RegisteredDevice | undefined
  byId(id: string): RegisteredDevice | undefined
  /** The device behind a gateway (or itself) that `code` or id names, if `sender` may speak for it. */
  spokenForBy(sender: RegisteredDevice, code: string): RegisteredDevice | undefined
  /**
   * The enabled device that these credentials prove, or null. Takes the same time for an unknown code as for a wrong
   * secret. What is not known here may have been registered a moment ago, so the database is asked again, once a second.
   */
  authenticate(credentials: Credentials): Promise<RegisteredDevice | null>
}

const RELOAD_MILLISECONDS = 1_000
const NOBODYS_HASH = Buffer.alloc(32)

export function createRegistry(
  load: () => Promise<readonly RegisteredDevice[]>,
  now: () => number,
): DeviceRegistry {
  let byNumber = new Map<number, RegisteredDevice>()
  let byCode = new Map<string, RegisteredDevice>()
  let byId = new Map<string, RegisteredDevice>()
  let byHash = new Map<string, RegisteredDevice>()
  let loadedAt = -Infinity
  let loading: Promise<void> | null = null

  async function read(): Promise<void> {
    loadedAt = now()
    const devices = await load()
    byNumber = new Map(devices.map((device) => [device.number, device]))
    byCode = new Map(devices.map((device) => [device.code, device]))
    byId = new Map(devices.map((device) => [device.id, device]))
    byHash = new Map(devices.map((device) => [device.secretHash.toString('latin1'), device]))
  }

  function reload(): Promise<void> {
    loading ??= read().finally(() => (loading = null))
    return loading
  }

  const named = (code: string) => byCode.get(code) ?? byId.get(code)

  function prove({ code, secret }: Credentials): RegisteredDevice | null {
    if (secret === null) return null
    const hash = secretHash(secret)
    // A sender that gives only a secret is found by its hash, which tells nothing of the secret by its timing.
    const device = code === null ? byHash.get(hash.toString('latin1')) : named(code)
    const isProven = isSameSecret(hash, device?.secretHash ?? NOBODYS_HASH)
    return device && isProven && device.enabled ? device : null
  }

  return {
    async reload() {
      // A reload that began before now may have read before the change: wait for it, then read anew.
      if (loading) await loading
      await reload()
    },
    all: () => byNumber.values(),
    byNumber: (number) => byNumber.get(number),
    byId: (id) => byId.get(id),
    spokenForBy(sender, code) {
      const device = named(code)
      if (!device || !device.enabled) return undefined
      return device.id === sender.id || device.gatewayId === sender.id ? device : undefined
    },
    async authenticate(credentials) {
      const proven = prove(credentials)
      if (proven || credentials.secret === null || now() - loadedAt < RELOAD_MILLISECONDS) return proven
      await reload()
      return prove(credentials)
    },
  }
}
