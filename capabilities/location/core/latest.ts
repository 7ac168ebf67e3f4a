import type { Instant } from '../../../foundation/core/instant.ts'
import type { OfficerId, OrganisationId, UnitId, VehicleId } from '../../force/core/index.ts'
import type { Device } from './device.ts'
import type { FixMemory } from './memory.ts'

/** Where a device last was. NaN means «not told». Never changed once made. */
export interface DevicePosition {
  readonly device: number
  readonly fixedAt: Instant
  readonly receivedAt: Instant
  readonly lon: number
  readonly lat: number
  readonly accuracyMetres: number
  readonly speedMetresPerSecond: number
  readonly bearingDegrees: number
  readonly batteryPercent: number
  readonly flags: number
}

/** What this capability must know of a unit; it arrives from the force. */
export interface UnitOnForce {
  readonly unitId: UnitId
  readonly organisationId: OrganisationId
  readonly callSign: string
  readonly status: string
  readonly vehicleId: VehicleId | null
  readonly leaderOfficerId: OfficerId | null
  readonly memberOfficerIds: readonly OfficerId[]
}

/** A device that speaks for a unit, 0 the most to be trusted: the unit's own, its vehicle's, its leader's, a member's. */
export interface Speaker {
  readonly device: number
  readonly unitId: UnitId
  readonly rank: number
}

/** Which devices speak for which unit. A device bound to somebody who is in no unit speaks for none. */
export function speakersOf(devices: Iterable<Device>, units: readonly UnitOnForce[]): Speaker[] {
  const byVehicle = new Map<string, UnitId>()
  const byOfficer = new Map<string, { unitId: UnitId; rank: number }>()
  const known = new Set<string>()
  for (const unit of units) {
    known.add(unit.unitId)
    if (unit.vehicleId !== null) byVehicle.set(unit.vehicleId, unit.unitId)
    for (const officerId of unit.memberOfficerIds) byOfficer.set(officerId, { unitId: unit.unitId, rank: 3 })
    if (unit.leaderOfficerId !== null) byOfficer.set(unit.leaderOfficerId, { unitId: unit.unitId, rank: 2 })
  }
  const speakers: Speaker[] = []
  for (const { number: device, carrier, enabled } of devices) {
    if (!enabled || carrier === null) continue
    if (carrier.kind === 'unit') {
      if (known.has(carrier.unitId)) speakers.push({ device, unitId: carrier.unitId, rank: 0 })
    } else if (carrier.kind === 'vehicle') {
      const unitId = byVehicle.get(carrier.vehicleId)
      if (unitId) speakers.push({ device, unitId, rank: 1 })
    } else {
      const crew = byOfficer.get(carrier.officerId)
      if (crew) speakers.push({ device, ...crew })
    }
  }
  return speakers.sort((a, b) => a.rank - b.rank || a.device - b.device)
}

/**
 * The position of a unit: that of its most trusted device which is not more than `takeOverSeconds` behind the
 * freshest one. So a unit neither jumps between two phones nor stands still when its terminal falls silent.
 * `speakers` in the order of speakersOf; null where none has a position.
 */
export function unitPosition(
  speakers: readonly Speaker[],
  positionOf: (device: number) => DevicePosition | undefined,
  takeOverSeconds: number,
): DevicePosition | null {
  let freshest = -Infinity
  for (const { device } of speakers) freshest = Math.max(freshest, positionOf(device)?.fixedAt ?? -Infinity)
  for (const { device } of speakers) {
    const position = positionOf(device)
    if (position && position.fixedAt >= freshest - takeOverSeconds * 1000) return position
  }
  return null
}

/** The device's latest position as the memory has it; undefined where there is none. */
export function latestOf(memory: FixMemory, device: number): DevicePosition | undefined {
  const fixedAt = memory.latestAt[device] ?? -Infinity
  if (fixedAt === -Infinity) return undefined
  return {
    device,
    fixedAt,
    receivedAt: memory.latestReceivedAt[device]!,
    lon: memory.latestLon[device]!,
    lat: memory.latestLat[device]!,
    accuracyMetres: memory.latestAccuracyMetres[device]!,
    speedMetresPerSecond: memory.latestSpeedMetresPerSecond[device]!,
    bearingDegrees: memory.latestBearingDegrees[device]!,
    batteryPercent: memory.latestBatteryPercent[device]!,
    flags: memory.latestFlags[device]!,
  }
}
