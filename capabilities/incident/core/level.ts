/** Response levels, lowest first (operations reference §3: 一般、复杂、重大). */
export const LEVELS = ['general', 'complex', 'major'] as const
export type Level = (typeof LEVELS)[number]

export function isLevel(value: unknown): value is Level {
  return LEVELS.includes(value as Level)
}

export function isHigher(a: Level, b: Level): boolean {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b)
}

export function highest(levels: readonly Level[]): Level {
  return levels.reduce<Level>((top, level) => (isHigher(level, top) ? level : top), 'general')
}
