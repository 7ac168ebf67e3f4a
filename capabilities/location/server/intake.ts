import { refuse, isRefusal, type Refusal } from '../../../foundation/core/outcome.ts'
import {
  addFix,
  batchFixDevice,
  isUnreadable,
  openBatch,
  readBatchFix,
  readOsmand,
  readOwntracks,
  readTraccarLocation,
  type Datum,
  type Form,
  type OtherMessage,
  type ReadFix,
  type Receipt,
  type TraccarMessage,
  type Unreadable,
} from '../core/index.ts'
import { toWgs84 } from '../../place/core/index.ts'
import type { RegisteredDevice } from './registry.ts'
import type { Location } from './room.ts'

/** A fix of a message that could not be read: which one, what of it, and why. */
export interface Rejected {
  readonly index: number
  readonly field: string
  readonly cause: Unreadable['unreadable']
}

/** What the sender is told: what became of its fixes, and which of them could not be read. */
export interface Answer extends Receipt {
  readonly unreadable: number
  /** Messages that carry no position by design. */
  readonly other: number
  /** The first hundred. */
  readonly rejected: readonly Rejected[]
}

const TOLD_REJECTIONS = 100

/** The ways into the house, one a protocol; the sender is known already. */
export interface Intake {
  osmand(sender: RegisteredDevice, form: Form): Promise<Answer | Refusal>
  /** Null: the body was nothing of the kind. */
  traccarClient(sender: RegisteredDevice, message: TraccarMessage | null): Promise<Answer | Refusal>
  owntracks(sender: RegisteredDevice, body: unknown): Promise<Answer | Refusal>
  batch(sender: RegisteredDevice, body: unknown): Promise<Answer | Refusal>
}

export function createIntake({ writer, registry, counters, needs }: Location): Intake {
  /** Reads each item, adds what is a fix to the group that waits, counts what is not, and answers when the group is on disk. */
  async function take<T>(
    sender: RegisteredDevice,
    items: readonly T[],
    read: (item: T, receivedAt: number) => ReadFix | Unreadable | OtherMessage,
    deviceOf: (item: T) => RegisteredDevice | Unreadable = () => sender,
  ): Promise<Answer | Refusal> {
    const receivedAt = needs.now()
    const rejected: Rejected[] = []
    let unreadable = 0
    let other = 0
    const reject = (index: number, { field, unreadable: cause }: Unreadable) => {
      unreadable++
      if (rejected.length < TOLD_REJECTIONS) rejected.push({ index, field, cause })
    }
    const waiting = writer.submit((into) => {
      for (let index = 0; index < items.length; index++) {
        const item = items[index]!
        const fix = read(item, receivedAt)
        if ('other' in fix) {
          other++
          counters.count(sender.number, fix.other === 'no-position' ? 'no-position' : 'other-message')
          continue
        }
        if (isUnreadable(fix)) {
          reject(index, fix)
          continue
        }
        const device = deviceOf(item)
        if (isUnreadable(device)) reject(index, device)
        else addFix(into, device.number, receivedAt, inWgs84(fix, device.datum))
      }
    })
    if (isRefusal(waiting)) {
      counters.count(sender.number, 'queue-full', Math.max(1, items.length))
      return waiting
    }
    if (unreadable > 0) counters.count(sender.number, 'unreadable', unreadable)
    let receipt: Receipt
    try {
      receipt = await waiting
    } catch (fault) {
      counters.count(sender.number, 'database-unavailable', items.length - unreadable - other)
      throw fault
    }
    return { ...receipt, received: items.length, unreadable, other, rejected }
  }

  return {
    osmand: (sender, form) => take(sender, [form], readOsmand),
    async traccarClient(sender, message) {
      if (!message) return countedRefusal(sender, 'location')
      return take(sender, message.locations, readTraccarLocation)
    },
    // The app sends one message at a time; a list is what a relay sends that has gathered some.
    owntracks: (sender, body) => take(sender, Array.isArray(body) ? body : [body], readOwntracks),
    async batch(sender, body) {
      const batch = openBatch(body)
      if (!batch) return countedRefusal(sender, 'fixes')
      return take(sender, batch.fixes, readBatchFix, (fix) => {
        const code = batchFixDevice(fix) ?? batch.deviceCode
        if (code === null)
          return sender.kind === 'gateway' ? { unreadable: 'missing', field: 'deviceId' } : sender
        return registry.spokenForBy(sender, code) ?? { unreadable: 'unknown-device', field: 'deviceId' }
      })
    },
  }

  function countedRefusal(sender: RegisteredDevice, field: string): Refusal {
    counters.count(sender.number, 'unreadable')
    return refuse('invalid-positions', { field })
  }
}

/** At the edge, and only here: inside the house every position is WGS-84. What is no coordinate stays as it came, to be judged. */
function inWgs84(fix: ReadFix, datum: Datum): ReadFix {
  if (datum === 'wgs-84' || !(Math.abs(fix.lon) <= 180 && Math.abs(fix.lat) <= 90)) return fix
  return { ...fix, ...toWgs84(fix, datum) }
}
