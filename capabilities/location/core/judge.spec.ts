import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destination } from '../../../foundation/core/geo.ts'
import { countFates, receiptOf } from './counting.ts'
import { addFix, createFixColumns, FATE, flagNames, isStored, type ReadFix } from './fix.ts'
import { judgeFixes } from './judge.ts'
import { createMemory, keepPass, makeRoom, takeBackPass } from './memory.ts'
import { FIX_RULES } from './settings.ts'

const NOW = Date.UTC(2026, 4, 1, 8)
const HOME = { lon: 121.5, lat: 31.2 }
const DAY = 86_400_000

const fix = (changes: Partial<ReadFix> = {}): ReadFix => ({
  fixedAt: NOW - 1000,
  ...HOME,
  accuracyMetres: 5,
  speedMetresPerSecond: 3,
  bearingDegrees: 90,
  batteryPercent: 80,
  valid: true,
  ...changes,
})

/** A house with one device that judges one pass after another. */
function house() {
  const memory = createMemory()
  return {
    memory,
    pass(...read: ReadFix[]) {
      const fixes = createFixColumns(1)
      for (const one of read) addFix(fixes, 1, NOW, one)
      judgeFixes(fixes, memory, FIX_RULES, NOW)
      return read.map((_, row) => ({ fate: fixes.fate[row], flags: flagNames(fixes.flags[row]!) }))
    },
    latest: () => ({ fixedAt: memory.latestAt[1], lon: memory.latestLon[1], lat: memory.latestLat[1] }),
  }
}

describe('judging fixes', () => {
  it('lets a good fix become the latest position', () => {
    const { pass, latest } = house()
    expect(pass(fix())).toEqual([{ fate: FATE.latest, flags: [] }])
    expect(latest()).toEqual({ fixedAt: NOW - 1000, ...HOME })
  })
  it('takes the same moment of a device once, in one pass and in two', () => {
    const { memory, pass } = house()
    expect(pass(fix(), fix({ lon: 121.6 })).map((one) => one.fate)).toEqual([FATE.latest, FATE.duplicate])
    keepPass(memory)
    expect(pass(fix())[0]!.fate).toBe(FATE.duplicate)
  })
  it('keeps a late fix in history and leaves the latest position as it is', () => {
    const { pass, latest } = house()
    expect(pass(fix(), fix({ fixedAt: NOW - 5000 }))[1]).toEqual({ fate: FATE.history, flags: ['late'] })
    expect(latest().fixedAt).toBe(NOW - 1000)
  })
  it('tells a late repetition from a late fix', () => {
    const { pass } = house()
    expect(pass(fix({ fixedAt: NOW - 9000 }), fix(), fix({ fixedAt: NOW - 9000 }))[2]!.fate).toBe(
      FATE.duplicate,
    )
  })
  it('keeps out of «latest» what runs ahead by more than two minutes', () => {
    const { pass } = house()
    expect(pass(fix({ fixedAt: NOW + 120_000 }))[0]).toEqual({ fate: FATE.latest, flags: [] })
    expect(pass(fix({ fixedAt: NOW + 120_001 }))[0]).toEqual({ fate: FATE.history, flags: ['future'] })
  })
  it.each([
    [{ lat: 91 }, 'invalid-coordinates'],
    [{ lon: -180.5 }, 'invalid-coordinates'],
    [{ lon: 0, lat: 0 }, 'null-island'],
    [{ lon: 0.0004, lat: -0.0004 }, 'null-island'],
    [{ valid: false }, 'reported-invalid'],
  ])('stores %j as %s, never as latest', (changes, flag) => {
    const { pass, latest } = house()
    expect(pass(fix(changes))[0]).toEqual({ fate: FATE.history, flags: [flag] })
    expect(latest().fixedAt).toBe(-Infinity)
  })
  it('remarks on poor accuracy and shows the position all the same', () => {
    expect(house().pass(fix({ accuracyMetres: 900 }))[0]).toEqual({
      fate: FATE.latest,
      flags: ['poor-accuracy'],
    })
  })
  it('does not take what is older than the history or days ahead', () => {
    const { pass } = house()
    const fates = pass(
      fix({ fixedAt: NOW - 91 * DAY }),
      fix({ fixedAt: NOW + 3 * DAY }),
      fix({ fixedAt: 1e300 }),
    )
    expect(fates.map((one) => one.fate)).toEqual([
      FATE.outsideRetention,
      FATE.outsideRetention,
      FATE.outsideRetention,
    ])
  })
})

describe('a device whose clock is a day off', () => {
  it('is stored as future when ahead, and never on the board', () => {
    const { pass } = house()
    expect(pass(fix({ fixedAt: NOW + DAY }))[0]).toEqual({ fate: FATE.history, flags: ['future'] })
    expect(pass(fix())[0]).toEqual({ fate: FATE.latest, flags: [] })
  })
  it('is stored as late when behind what it said before', () => {
    expect(house().pass(fix(), fix({ fixedAt: NOW - DAY }))[1]).toEqual({
      fate: FATE.history,
      flags: ['late'],
    })
  })
})

describe('an impossible jump', () => {
  const far = destination(HOME, 90, 20_000)
  it('is stored and kept off the board', () => {
    const { pass, latest } = house()
    expect(pass(fix({ fixedAt: NOW - 20_000 }), fix({ ...far }))[1]).toEqual({
      fate: FATE.history,
      flags: ['speed-jump'],
    })
    expect(latest().lon).toBe(HOME.lon)
  })
  it('is believed when the next fix says the same', () => {
    const { pass, latest } = house()
    const next = destination(far, 90, 30)
    const [, jump, confirmed] = pass(
      fix({ fixedAt: NOW - 20_000 }),
      fix({ ...far, fixedAt: NOW - 10_000 }),
      fix({ ...next }),
    )
    expect([jump!.flags, confirmed!.flags]).toEqual([['speed-jump'], []])
    expect(latest().lon).toBe(next.lon)
  })
  it('is not seen in noise, however short the time between', () => {
    const near = destination(HOME, 0, 90)
    expect(house().pass(fix({ fixedAt: NOW - 1001 }), fix({ ...near }))[1]!.flags).toEqual([])
  })
  it('allows for what a car drives in the time between', () => {
    expect(house().pass(fix({ fixedAt: NOW - 601_000 }), fix({ ...far }))[1]!.flags).toEqual([])
  })
})

describe('a pass that the database refuses', () => {
  it('leaves no trace: the second try is no duplicate', () => {
    const { memory, pass, latest } = house()
    pass(fix({ fixedAt: NOW - 60_000 }))
    keepPass(memory)
    const before = latest()
    pass(fix({ lon: 121.501 }), fix({ fixedAt: NOW - 70_000 }))
    takeBackPass(memory)
    expect(latest()).toEqual(before)
    expect(pass(fix({ lon: 121.501 }), fix({ fixedAt: NOW - 70_000 })).map((one) => one.fate)).toEqual([
      FATE.latest,
      FATE.history,
    ])
  })
})

describe('any sequence of fixes', () => {
  const anyFix = fc.record({
    fixedAt: fc.oneof(
      fc.integer({ min: NOW - 60_000, max: NOW + 300_000 }),
      fc.constantFrom(NOW, NOW - 1, NOW + DAY, NOW - DAY, NOW - 400 * DAY, 0, 1e15),
    ),
    lon: fc.oneof(fc.double({ min: 121, max: 122, noNaN: true }), fc.constantFrom(0, 200, -181)),
    lat: fc.oneof(fc.double({ min: 31, max: 32, noNaN: true }), fc.constantFrom(0, 91)),
    accuracyMetres: fc.constantFrom(NaN, 3, 5000),
    speedMetresPerSecond: fc.constant(NaN),
    bearingDegrees: fc.constant(NaN),
    batteryPercent: fc.constant(NaN),
    valid: fc.boolean(),
  })
  // At most 30 fixes, fewer than the memory holds for a device: so it alone, without the database, knows each again.
  const passes = fc.array(
    fc.tuple(fc.boolean(), fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), anyFix), { maxLength: 6 })),
    { maxLength: 5 },
  )

  it('gives every fix one fate, stores each moment once and never lets the latest go back, whatever the database does', () => {
    fc.assert(
      fc.property(passes, (sequence) => {
        const memory = createMemory(1)
        makeRoom(memory, 3)
        const stored = new Set<string>()
        for (const [commits, read] of sequence) {
          const before = [...memory.latestAt]
          const fixes = createFixColumns(1)
          for (const [device, one] of read) addFix(fixes, device, NOW, one)
          judgeFixes(fixes, memory, FIX_RULES, NOW)

          const receipt = receiptOf(fixes, 0, fixes.length)
          expect(receipt.stored + receipt.duplicate + receipt.outsideRetention).toBe(read.length)
          let counted = 0
          countFates(
            fixes,
            (_, cause) => void (['stored', 'duplicate', 'outside-retention'].includes(cause) && counted++),
          )
          expect(counted).toBe(read.length)

          memory.latestAt.forEach((at, device) => expect(at).toBeGreaterThanOrEqual(before[device]!))
          if (!commits) {
            takeBackPass(memory)
            expect([...memory.latestAt]).toEqual(before)
            continue
          }
          keepPass(memory)
          for (let row = 0; row < fixes.length; row++) {
            if (!isStored(fixes.fate[row]!)) continue
            if (fixes.fate[row] === FATE.latest)
              expect(fixes.fixedAt[row]!).toBeLessThanOrEqual(NOW + FIX_RULES.futureToleranceSeconds * 1000)
            const moment = `${fixes.device[row]} ${fixes.fixedAt[row]}`
            expect(stored.has(moment)).toBe(false)
            stored.add(moment)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
