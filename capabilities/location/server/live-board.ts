import { toIso } from '../../../foundation/core/instant.ts'
import type { LivePosition, PositionsSource } from '../../../foundation/server/live/hub.ts'
import {
  flagNames,
  unitPosition,
  type DevicePosition,
  type Speaker,
  type UnitOnForce,
} from '../core/index.ts'

/** A unit's place on the board. Never changed once made. */
export interface UnitPlaced {
  readonly unit: UnitOnForce
  readonly position: DevicePosition
}

/**
 * Where everybody is, for readers in versions: the flow is the only writer, and what a reader has been given never
 * changes under its hands. Only what is on disk is on the board.
 */
export interface LiveBoard extends PositionsSource {
  /** Where units will be when these devices have moved; changes nothing yet. */
  place(moved: readonly DevicePosition[]): readonly UnitPlaced[]
  /** Shows what has been written. */
  show(moved: readonly DevicePosition[], placed: readonly UnitPlaced[]): void
  /** Takes on who is a unit now and which devices speak for it. */
  regroup(units: readonly UnitOnForce[], speakers: readonly Speaker[]): void
  /** Takes on a unit's status; a unit it does not know is passed over. */
  setStatus(unitId: string, status: string): void
  placedUnits(): readonly UnitPlaced[]
  placedUnit(unitId: string): UnitPlaced | undefined
  devicePosition(device: number): DevicePosition | undefined
}

interface Shown extends UnitPlaced {
  readonly version: number
  /** Made when somebody first asks. */
  live: LivePosition | null
}

const liveOf = (shown: Shown): LivePosition => (shown.live ??= livePosition(shown))

export function createLiveBoard(takeOverSeconds: () => number): LiveBoard {
  const devices = new Map<number, DevicePosition>()
  let units = new Map<string, UnitOnForce>()
  let speakersOfUnit = new Map<string, Speaker[]>()
  let unitOfDevice = new Map<number, string>()
  let shown = new Map<string, Shown>()
  let version = 1
  /** The last version in which somebody left the board: a reader behind it needs the whole board. */
  let lastLeaving = 1
  let allOfVersion: { version: number; positions: readonly LivePosition[] } = { version: 0, positions: [] }

  function placeUnit(
    unitId: string,
    positionOf: (device: number) => DevicePosition | undefined,
  ): UnitPlaced | null {
    const unit = units.get(unitId)
    const position = unit && unitPosition(speakersOfUnit.get(unitId) ?? [], positionOf, takeOverSeconds())
    return unit && position ? { unit, position } : null
  }

  function showUnits(placed: readonly UnitPlaced[]): void {
    const fresh = placed.filter(({ unit, position }) => {
      const before = shown.get(unit.unitId)
      return !before || before.position !== position || before.unit.organisationId !== unit.organisationId
    })
    if (fresh.length === 0) return
    version++
    for (const one of fresh) shown.set(one.unit.unitId, { ...one, version, live: null })
  }

  return {
    version: () => version,
    all() {
      if (allOfVersion.version !== version) {
        allOfVersion = { version, positions: [...shown.values()].map(liveOf) }
      }
      return allOfVersion.positions
    },
    changedSince(since) {
      if (since < lastLeaving) return null
      const changed: LivePosition[] = []
      for (const one of shown.values()) if (one.version > since) changed.push(liveOf(one))
      return changed
    },
    place(moved) {
      const movedTo = new Map(moved.map((position) => [position.device, position]))
      const affected = new Set<string>()
      for (const { device } of moved) {
        const unitId = unitOfDevice.get(device)
        if (unitId !== undefined) affected.add(unitId)
      }
      const placed: UnitPlaced[] = []
      for (const unitId of affected) {
        const one = placeUnit(unitId, (device) => movedTo.get(device) ?? devices.get(device))
        if (one) placed.push(one)
      }
      return placed
    },
    show(moved, placed) {
      for (const position of moved) devices.set(position.device, position)
      showUnits(placed)
    },
    regroup(nextUnits, speakers) {
      units = new Map(nextUnits.map((unit) => [unit.unitId, unit]))
      unitOfDevice = new Map(speakers.map((speaker) => [speaker.device, speaker.unitId]))
      speakersOfUnit = new Map()
      for (const speaker of speakers) {
        const others = speakersOfUnit.get(speaker.unitId)
        if (others) others.push(speaker)
        else speakersOfUnit.set(speaker.unitId, [speaker])
      }
      const placed: UnitPlaced[] = []
      const staying = new Map<string, Shown>()
      for (const unitId of units.keys()) {
        const one = placeUnit(unitId, (device) => devices.get(device))
        if (!one) continue
        placed.push(one)
        const before = shown.get(unitId)
        if (before) staying.set(unitId, before)
      }
      if (staying.size < shown.size) lastLeaving = ++version
      shown = staying
      showUnits(placed)
    },
    setStatus(unitId, status) {
      const unit = units.get(unitId)
      if (unit) units.set(unitId, { ...unit, status })
    },
    placedUnits: () =>
      [...shown.values()].map(({ unit, position }) => ({ unit: units.get(unit.unitId) ?? unit, position })),
    placedUnit(unitId) {
      const one = shown.get(unitId)
      return one && { unit: units.get(unitId) ?? one.unit, position: one.position }
    },
    devicePosition: (device) => devices.get(device),
  }
}

/** What the live stream sends of a unit: no name, no more digits than the receiver has. */
function livePosition({ unit, position }: UnitPlaced): LivePosition {
  return {
    id: unit.unitId,
    organisationId: unit.organisationId,
    lon: rounded(position.lon, 1e6)!,
    lat: rounded(position.lat, 1e6)!,
    fixedAt: toIso(position.fixedAt),
    receivedAt: toIso(position.receivedAt),
    accuracyMetres: rounded(position.accuracyMetres, 1),
    speedMetresPerSecond: rounded(position.speedMetresPerSecond, 10),
    bearingDegrees: rounded(position.bearingDegrees, 1),
    batteryPercent: rounded(position.batteryPercent, 1),
    flags: flagNames(position.flags),
  }
}

/** Null for what the device did not tell. */
export function rounded(value: number, parts: number): number | null {
  return Number.isNaN(value) ? null : Math.round(value * parts) / parts
}
