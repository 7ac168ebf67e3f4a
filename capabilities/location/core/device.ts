import type { Brand } from '../../../foundation/core/brand.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { COORDINATE_SYSTEMS, type CoordinateSystem } from '../../place/core/index.ts'
import type { OfficerId, UnitId, VehicleId } from '../../force/core/index.ts'

export type DeviceId = Brand<string, 'DeviceId'>

export const DEVICE_KINDS = ['phone', 'vehicle-terminal', 'tracker', 'gateway', 'other'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

/** The coordinates a device speaks; the house speaks WGS-84, so the others are converted at intake. */
export const DATUMS = COORDINATE_SYSTEMS
export type Datum = CoordinateSystem

/** Whom a device goes with. A device goes with one at a time; the history keeps the others. */
export type Carrier =
  | { readonly kind: 'unit'; readonly unitId: UnitId }
  | { readonly kind: 'officer'; readonly officerId: OfficerId }
  | { readonly kind: 'vehicle'; readonly vehicleId: VehicleId }

export interface Device {
  readonly id: DeviceId
  /** The house's small number for it, its place in every per-device column. */
  readonly number: number
  /** What the device calls itself: `id` of OsmAnd, `device_id` of Traccar Client, an IMEI. Unique. */
  readonly code: string
  readonly name: string
  readonly kind: DeviceKind
  readonly datum: Datum
  /** The gateway that may speak for it, beside the device itself. */
  readonly gatewayId: DeviceId | null
  readonly enabled: boolean
  readonly carrier: Carrier | null
  readonly version: number
}

/** A device is bound to somebody else only after it has been given back: refuses `device-already-bound`, `device-disabled`, `gateway-not-bound`. */
export function bindDevice(device: Device, carrier: Carrier): Carrier | Refusal {
  if (!device.enabled) return refuse('device-disabled', { detail: { deviceId: device.id } })
  if (device.kind === 'gateway') return refuse('gateway-not-bound', { detail: { deviceId: device.id } })
  if (device.carrier)
    return refuse('device-already-bound', { detail: { deviceId: device.id, ...device.carrier } })
  return carrier
}

/** A gateway speaks for devices, never for another gateway: refuses `invalid-gateway`. */
export function setGateway(device: Pick<Device, 'kind'>, gateway: Device | undefined): Refusal | null {
  if (!gateway || gateway.kind !== 'gateway' || device.kind === 'gateway')
    return refuse('invalid-gateway', { field: 'gatewayId' })
  return null
}
