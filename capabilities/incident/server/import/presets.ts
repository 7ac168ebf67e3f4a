import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../../foundation/server/migrate.ts'
import { readMapping, type CallMapping, type MappingFault } from '../../core/import/mapping.ts'

/** Mappings for published files that we know; they are examples for others too. */
export const PRESETS = ['portland', 'stlouis', 'chicago'] as const
export type Preset = (typeof PRESETS)[number]

export const isPreset = (name: string): name is Preset => (PRESETS as readonly string[]).includes(name)

export function presetPath(name: Preset): string {
  return join(projectRoot(), 'capabilities/incident/server/import/presets', `${name}.json`)
}

export function loadPreset(name: Preset): CallMapping | readonly MappingFault[] {
  return readMapping(JSON.parse(readFileSync(presetPath(name), 'utf8')))
}
