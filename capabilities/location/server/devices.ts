import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newSecret, secretHash } from '../../../foundation/server/identity/secrets.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  bindDevice,
  setGateway,
  type Carrier,
  type Datum,
  type Device,
  type DeviceId,
  type DeviceKind,
} from '../core/index.ts'
import type { RegisteredDevice } from './registry.ts'
import { bind, findDevice, holdDevice, insertDevice, isCodeTaken, unbind, updateDevice } from './store.ts'

/** The commands on devices: each loads, decides, stores, notes and announces in the transaction it is given. */

export interface NewDevice {
  readonly code: string
  readonly name: string
  readonly kind: DeviceKind
  readonly datum?: Datum
  readonly gatewayId?: string | null
}

/** A device with its secret, which is told this once and kept nowhere. */
export interface DeviceWithSecret {
  readonly device: Device
  readonly secret: string
}

/** Registers a device. Refuses `device-code-taken`, `invalid-gateway`. */
export async function registerDevice(
  tx: Tx,
  actor: ActorContext,
  given: NewDevice,
): Promise<DeviceWithSecret | Refusal> {
  if (await isCodeTaken(tx, given.code))
    return refuse('device-code-taken', { field: 'code', detail: { code: given.code } })
  if (given.gatewayId != null) {
    const refusal = setGateway(given, await findDevice(tx, given.gatewayId))
    if (refusal) return refusal
  }
  const secret = newSecret()
  const device = await insertDevice(
    tx,
    {
      id: newId<DeviceId>(actor.now),
      code: given.code,
      name: given.name,
      kind: given.kind,
      datum: given.datum ?? 'wgs-84',
      gatewayId: (given.gatewayId ?? null) as DeviceId | null,
    },
    secretHash(secret),
    actor.now,
  )
  await note(tx, actor, device, 'register-device', { code: device.code, kind: device.kind })
  return { device, secret }
}

/** Changes what is said of a device. Refuses `not-found`, `device-code-taken`, `invalid-gateway`. */
export async function changeDevice(
  tx: Tx,
  actor: ActorContext,
  id: string,
  change: { code?: string; name?: string; datum?: Datum; gatewayId?: string | null },
  check: (device: Device) => Refusal | null,
): Promise<Device | Refusal> {
  const device = await held(tx, id, check)
  if (isRefusal(device)) return device
  if (change.code !== undefined && (await isCodeTaken(tx, change.code, id))) {
    return refuse('device-code-taken', { field: 'code', detail: { code: change.code } })
  }
  if (change.gatewayId != null) {
    const refusal = setGateway(device, await findDevice(tx, change.gatewayId))
    if (refusal) return refusal
  }
  const changed = await updateDevice(tx, id, change)
  await note(tx, actor, changed, 'change-device', change)
  return changed
}

/** Gives a new secret; the old one proves nothing from this commit on. */
export async function rotateSecret(
  tx: Tx,
  actor: ActorContext,
  id: string,
  check: (device: Device) => Refusal | null,
): Promise<DeviceWithSecret | Refusal> {
  const device = await held(tx, id, check)
  if (isRefusal(device)) return device
  const secret = newSecret()
  const changed = await updateDevice(tx, id, { secret: { hash: secretHash(secret), setAt: actor.now } })
  await note(tx, actor, changed, 'rotate-device-secret', {})
  return { device: changed, secret }
}

/** A disabled device is not let in and speaks for nobody; whom it was with is over. */
export async function enableDevice(
  tx: Tx,
  actor: ActorContext,
  id: string,
  enabled: boolean,
  check: (device: Device) => Refusal | null,
): Promise<Device | Refusal> {
  const device = await held(tx, id, check)
  if (isRefusal(device)) return device
  if (!enabled) await unbind(tx, id, actor.now)
  const changed = await updateDevice(tx, id, { enabled })
  await note(tx, actor, changed, enabled ? 'enable-device' : 'disable-device', {})
  return changed
}

/** Binds a device to a unit, an officer or a vehicle. Refuses what bindDevice refuses. */
export async function handOut(
  tx: Tx,
  actor: ActorContext,
  id: string,
  carrier: Carrier,
  check: (device: Device) => Refusal | null,
): Promise<Device | Refusal> {
  const device = await held(tx, id, check)
  if (isRefusal(device)) return device
  const bound = bindDevice(device, carrier)
  if (isRefusal(bound)) return bound
  await bind(tx, id, bound, newId(actor.now), actor.now)
  const changed = await updateDevice(tx, id, {})
  await note(tx, actor, changed, 'bind-device', bound)
  return changed
}

/** Takes a device back. Refuses `device-not-bound`. */
export async function takeBack(
  tx: Tx,
  actor: ActorContext,
  id: string,
  check: (device: Device) => Refusal | null,
): Promise<Device | Refusal> {
  const device = await held(tx, id, check)
  if (isRefusal(device)) return device
  if (!device.carrier) return refuse('device-not-bound', { detail: { deviceId: id } })
  await unbind(tx, id, actor.now)
  const changed = await updateDevice(tx, id, {})
  await note(tx, actor, changed, 'unbind-device', device.carrier)
  return changed
}

async function held(
  tx: Tx,
  id: string,
  check: (device: Device) => Refusal | null,
): Promise<RegisteredDevice | Refusal> {
  const device = await holdDevice(tx, id)
  if (!device) return refuse('not-found', { detail: { deviceId: id } })
  return check(device) ?? device
}

async function note(
  tx: Tx,
  actor: ActorContext,
  device: Device,
  action: string,
  detail: unknown,
): Promise<void> {
  await writeAudit(tx, actor, {
    action: `location.${action}`,
    subjectKind: 'device',
    subjectId: device.id,
    detail,
  })
  await announce(tx, {
    topic: 'device.changed',
    subjectId: device.id,
    organisationId: null,
    permission: 'location.read-devices',
    at: actor.now,
    data: { deviceId: device.id, action },
  })
}
