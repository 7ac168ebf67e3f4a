import type { FastifyBaseLogger } from 'fastify'
import { inTransaction } from '../../../foundation/server/db.ts'
import type { StreamEvent } from '../../../foundation/server/outbox/outbox.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import {
  createMemory,
  FIX_RULES,
  FIX_RULES_SETTING,
  latestOf,
  makeRoom,
  PRESENCE_RULES,
  PRESENCE_RULES_SETTING,
  speakersOf,
  type FixRules,
} from '../core/index.ts'
import { createCounters } from './counters.ts'
import { createFixStore, loadLatest, openDaysAround } from './fix.store.ts'
import { locationTimers } from './jobs.ts'
import { createKeyPlaceWatch } from './key-place-watch.ts'
import { createLiveBoard } from './live-board.ts'
import { createRegistry } from './registry.ts'
import type { FixRooms, Location, LocationNeeds } from './room.ts'
import { registerLocationRoutes } from './routes.ts'
import { keepSpeakers, listDevices } from './store.ts'
import { createFixWriter, type FixWriter } from './writer.ts'

/** Reads what was known when the house last ran and opens for fixes. */
export async function openLocation(needs: LocationNeeds): Promise<Location> {
  const { database, now } = needs
  const { db, pool } = database
  let rules = FIX_RULES
  let presenceRules = PRESENCE_RULES
  let log: FastifyBaseLogger | null = null

  const memory = createMemory()
  const counters = createCounters(pool)
  const registry = createRegistry(async () => {
    const devices = await listDevices(db)
    for (const device of devices) makeRoom(memory, device.number)
    return devices
  }, now)
  const board = createLiveBoard(() => rules.takeOverSeconds)
  const keyPlaces = createKeyPlaceWatch({ db, rules: () => presenceRules, timeZone: needs.timeZone })
  const rooms: FixRooms = {
    memory,
    rules: () => rules,
    board,
    keyPlaces,
    store: createFixStore(pool),
    counters,
    tellFault: (stage, fault) => log?.error({ err: fault, stage }, 'a stage of the fix flow failed'),
  }

  async function refresh(): Promise<void> {
    rules = { ...FIX_RULES, ...(await readSetting<Partial<FixRules>>(db, FIX_RULES_SETTING, {})).value }
    presenceRules = {
      ...PRESENCE_RULES,
      ...(await readSetting<Partial<typeof PRESENCE_RULES>>(db, PRESENCE_RULES_SETTING, {})).value,
    }
    keyPlaces.replacePlaces(await needs.guardedPlaces())
  }

  let writer: FixWriter | null = null
  let told = ''
  // One reading after the other: an older one that ends later would put the board back to what it was.
  let regrouped: Promise<void> = Promise.resolve()
  const regroup = (): Promise<void> => {
    const next = regrouped.catch(() => {}).then(regroupNow)
    regrouped = next
    return next
  }

  async function regroupNow(): Promise<void> {
    await registry.reload()
    const units = await needs.units()
    const speakers = speakersOf(registry.all(), units)
    const saying = JSON.stringify(speakers)
    if (saying !== told) {
      await inTransaction(db, (tx) => keepSpeakers(tx, speakers, now()))
      told = saying
    }
    const take = async () => board.regroup(units, speakers)
    await (writer ? writer.between(take) : take())
  }

  /** In line with the readings: one that began before the step must not put the status back. */
  function takeOnStatus(steps: readonly StreamEvent[]): void {
    regrouped = regrouped
      .catch(() => {})
      .then(() => {
        for (const { data } of steps) board.setStatus(String(data['unitId']), String(data['to']))
      })
  }

  await refresh()
  await registry.reload()
  await openDaysAround(pool, now(), rules.storeAheadDays)
  await loadLatest(pool, memory)
  board.show(
    [...registry.all()].flatMap((device) => latestOf(memory, device.number) ?? []),
    [],
  )
  await keyPlaces.load()
  await regroup()
  const opened = (writer = createFixWriter(needs.flow(rooms), () => rules.queueLimitFixes, now))

  const location: Location = {
    positions: board,
    board,
    registry,
    counters,
    writer: opened,
    keyPlaces,
    rules: () => rules,
    needs,
    refresh,
    regroup,
    register(app) {
      log = app.log
      registerLocationRoutes(app, location)
      const tell = (fault: unknown) =>
        app.log.warn({ err: fault }, 'units or key places could not be read again')
      const again = coalesced(regroup, tell)
      const placesAgain = coalesced(refresh, tell)
      app.outbox.subscribe((events) => {
        // The commonest news by far says all that changes: nobody speaks for anybody else because of it.
        const steps = events.filter((event) => event.topic === 'unit.status-changed')
        if (steps.length > 0) takeOnStatus(steps)
        if (
          events.some(({ topic }) => /^(unit|loan|device)\./.test(topic) && topic !== 'unit.status-changed')
        )
          again()
        if (events.some((event) => event.topic === 'key-place.changed')) placesAgain()
      })
    },
    timers: () => locationTimers(location),
    async close() {
      await opened.stop()
      await counters.flush(now()).catch(() => {})
    },
  }
  return location
}

/** Runs `work` for any number of calls that come while it runs once more, never two at a time. */
function coalesced(work: () => Promise<void>, tellFault: (fault: unknown) => void): () => void {
  let running = false
  let wanted = false
  const run = async () => {
    running = true
    while (wanted) {
      wanted = false
      await work().catch(tellFault)
    }
    running = false
  }
  return () => {
    wanted = true
    if (!running) void run()
  }
}
