export { ACCESS } from './access.ts'
export { batchFixDevice, openBatch, readBatchFix, type BatchMessage } from './batch.ts'
export { COUNTED, countFates, receiptOf, type Counted, type Receipt } from './counting.ts'
export {
  bindDevice,
  setGateway,
  DATUMS,
  DEVICE_KINDS,
  type Carrier,
  type Datum,
  type Device,
  type DeviceId,
  type DeviceKind,
} from './device.ts'
export {
  addFix,
  createFixColumns,
  FATE,
  FLAG,
  flagNames,
  isStored,
  isUnreadable,
  UNBELIEVABLE,
  type FixColumns,
  type FlagName,
  type OtherMessage,
  type ReadFix,
  type Unreadable,
} from './fix.ts'
export { DROP_CAUSES, HISTORY_CAUSES, judgeFixes, REMARKS, type DropCause } from './judge.ts'
export {
  latestOf,
  speakersOf,
  unitPosition,
  type DevicePosition,
  type Speaker,
  type UnitOnForce,
} from './latest.ts'
export { createMemory, keepPass, latestAtBefore, makeRoom, takeBackPass, type FixMemory } from './memory.ts'
export { osmandDeviceCode, readOsmand, type Form } from './osmand.ts'
export { readOwntracks } from './owntracks.ts'
export {
  evolvePresence,
  isRequiredAt,
  orphanedStays,
  presenceChanges,
  PRESENCE_RULES,
  PRESENCE_RULES_SETTING,
  watchCoverage,
  type Coverage,
  type CoverageEvent,
  type GuardedPlace,
  type Presence,
  type PresenceChange,
  type PresenceRules,
  type UnitSeen,
} from './presence.ts'
export {
  closeFrames,
  openFrames,
  positionsOfColumn,
  REPLAY_PRECISION,
  showFix,
  type CarriedPeriod,
  type ReplayColumn,
  type ReplayFrames,
} from './replay.ts'
export { FIX_RULES, FIX_RULES_SETTING, type FixRules } from './settings.ts'
export { tellingSpans, type TellingSpan } from './telling.ts'
export { simplify, trackOf, type Track, type TrackGap, type TrackPoint } from './track.ts'
export { openTraccarMessage, readTraccarLocation, type TraccarMessage } from './traccar-client.ts'
