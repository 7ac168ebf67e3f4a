/** The numbers by which fixes are judged and kept. All are configuration (setting `location.fixes`). */
export interface FixRules {
  /** A device clock may run ahead by this much. */
  readonly futureToleranceSeconds: number
  /** Faster than this between two fixes is no vehicle of ours: 70 m/s is 252 km/h. */
  readonly maximumSpeedMetresPerSecond: number
  /** A jump shorter than this beyond both accuracies is noise, however short the time between. */
  readonly jumpNoiseMetres: number
  readonly poorAccuracyMetres: number
  /** Days of history. A fix older than this is not taken, and its partition is dropped. */
  readonly retentionDays: number
  /** A fix dated further ahead than this is not stored at all; up to it, it is stored as `future`. */
  readonly storeAheadDays: number
  /** After this the board says that a position is stale. */
  readonly staleAfterSeconds: number
  /** A unit's lesser device speaks for it once the better one has been silent this long. */
  readonly takeOverSeconds: number
  /** Silence longer than this is drawn as a gap in a track. */
  readonly trackGapSeconds: number
  /** Points in one answer about a track. */
  readonly trackPointLimit: number
  /** Fixes that may wait for the database; beyond it senders are told to come again. */
  readonly queueLimitFixes: number
}

export const FIX_RULES_SETTING = 'location.fixes'

export const FIX_RULES: FixRules = {
  futureToleranceSeconds: 120,
  maximumSpeedMetresPerSecond: 70,
  jumpNoiseMetres: 100,
  poorAccuracyMetres: 200,
  retentionDays: 90,
  storeAheadDays: 2,
  staleAfterSeconds: 90,
  takeOverSeconds: 60,
  trackGapSeconds: 180,
  trackPointLimit: 2_000,
  queueLimitFixes: 100_000,
}
