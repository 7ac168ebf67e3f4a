import type { ParseArgsConfig } from 'node:util'
import { UsageFault } from './outcome.ts'

/** Every option of every command; each command says which of them it takes. */
export const OPTIONS = {
  help: { type: 'boolean' },
  lang: { type: 'string' },
  data: { type: 'string' },
  map: { type: 'string' },
  preset: { type: 'string' },
  'hour-profile': { type: 'string' },
  'hour-map': { type: 'string' },
  'hour-preset': { type: 'string' },
  seed: { type: 'string' },
  anywhere: { type: 'boolean' },
  rejects: { type: 'string' },
  strict: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  sheet: { type: 'string' },
  epsg: { type: 'string' },
  system: { type: 'string' },
  name: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  speed: { type: 'string' },
  source: { type: 'string' },
  url: { type: 'string' },
  'no-commander': { type: 'boolean' },
  incidents: { type: 'string' },
  stops: { type: 'string' },
  'disc-radius': { type: 'string' },
  horizon: { type: 'string' },
  'train-until': { type: 'string' },
  'test-from': { type: 'string' },
  'test-to': { type: 'string' },
  category: { type: 'string' },
  'lag-days': { type: 'string' },
  json: { type: 'string' },
  chart: { type: 'string' },
  seconds: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

export type Options = {
  readonly [Name in keyof typeof OPTIONS]?: (typeof OPTIONS)[Name]['type'] extends 'boolean'
    ? boolean
    : string
}

/** A whole number in an option. */
export function wholeNumber(options: Options, name: 'seed' | 'epsg', otherwise: number): number {
  const text = options[name]
  if (text === undefined) return otherwise
  if (!/^\d{1,9}$/.test(text)) throw new UsageFault('usage.not-a-number', { option: name, value: text })
  return Number(text)
}
