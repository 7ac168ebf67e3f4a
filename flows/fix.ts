import type { Instant } from '../foundation/core/instant.ts'
import {
  countFates,
  judgeFixes,
  keepPass,
  latestAtBefore,
  latestOf,
  takeBackPass,
  type DevicePosition,
  type FixColumns,
  type PresenceChange,
} from '../capabilities/location/core/index.ts'
import type { FixRooms } from '../capabilities/location/server/room.ts'
import type { UnitPlaced } from '../capabilities/location/server/live-board.ts'
import type { FixPass } from '../capabilities/location/server/writer.ts'

/** A group of fixes on its way through the house, with what each stage has found out for the next. */
export interface FixGroup {
  readonly fixes: FixColumns
  readonly now: Instant
  /** Devices whose latest position this group moves, and where to. */
  readonly moved: readonly DevicePosition[]
  readonly placed: readonly UnitPlaced[]
  readonly presence: readonly PresenceChange[]
}

export interface FixStage {
  readonly name: string
  /** What becomes of a single fix that the stage does not want. */
  readonly unwantedFix: 'dropped and counted by cause' | 'stored, flagged and counted by cause' | 'none'
  /** What a fault of the stage means: nobody's fixes are taken and the senders come again, or the rest goes on without it. */
  readonly fault: 'refuse the group' | 'go on without'
  run(group: FixGroup, rooms: FixRooms): FixGroup | Promise<FixGroup>
}

/**
 * The way of a fix, read from top to bottom. A group of fixes goes through it in one breath and one transaction;
 * senders are answered when it has come to its end.
 */
export const FIX_FLOW: readonly FixStage[] = [
  {
    name: 'accept',
    unwantedFix: 'dropped and counted by cause',
    fault: 'refuse the group',
    run(group, { memory, rules }) {
      judgeFixes(group.fixes, memory, rules(), group.now)
      return { ...group, moved: movedDevices(memory) }
    },
  },
  {
    name: 'place on board',
    unwantedFix: 'stored, flagged and counted by cause',
    fault: 'go on without',
    run: (group, { board }) => ({ ...group, placed: board.place(group.moved) }),
  },
  {
    name: 'geofence and dosage',
    unwantedFix: 'none',
    fault: 'go on without',
    run: (group, { keyPlaces }) => ({ ...group, presence: keyPlaces.look(group.placed, group.now) }),
  },
  {
    name: 'keep track',
    unwantedFix: 'dropped and counted by cause',
    fault: 'refuse the group',
    async run(group, { store, memory }) {
      await store.keep({
        fixes: group.fixes,
        memory,
        moved: group.moved.map((position) => position.device),
        presence: group.presence,
      })
      keepPass(memory)
      return group
    },
  },
  {
    name: 'announce',
    unwantedFix: 'none',
    fault: 'go on without',
    run(group, { board, keyPlaces, counters }) {
      keyPlaces.apply(group.presence)
      countFates(group.fixes, counters.count)
      board.show(group.moved, group.placed)
      return group
    },
  },
]

/** The flow as one call: what the fix writer runs for each group. Rejects, with no trace left, when the group is refused. */
export function passFixes(rooms: FixRooms, stages: readonly FixStage[] = FIX_FLOW): FixPass {
  return async (fixes, now) => {
    let group: FixGroup = { fixes, now, moved: [], placed: [], presence: [] }
    for (const stage of stages) {
      try {
        group = await stage.run(group, rooms)
      } catch (fault) {
        rooms.tellFault(stage.name, fault)
        if (stage.fault === 'go on without') continue
        takeBackPass(rooms.memory)
        throw fault
      }
    }
  }
}

function movedDevices(memory: FixRooms['memory']): DevicePosition[] {
  const moved: DevicePosition[] = []
  for (const device of memory.touched.keys()) {
    if (memory.latestAt[device]! > latestAtBefore(memory, device)) moved.push(latestOf(memory, device)!)
  }
  return moved
}
