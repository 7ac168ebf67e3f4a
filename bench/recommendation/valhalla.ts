import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Position } from '../../foundation/core/geo.ts'
import { latencyRows, percentile, timed, type Row } from '../product/figures.ts'

const PACKAGE = '@valhallajs/valhallajs'
const QUESTIONS = 40

interface Actor {
  matrix(query: object): Promise<{ sources_to_targets: { time: number | null }[][] }>
}
interface Valhalla {
  readonly Actor: new (config: unknown) => Actor
  getConfig(options: { tileDir: string; tileExtract: string }): Promise<unknown>
}

/**
 * The same question put to Valhalla on the same extract: a matrix from all units to one incident. The package is
 * 280 MB and nothing of ours needs it, so it is measured where somebody has installed it and named otherwise.
 */
export async function valhallaRows(
  osm: string,
  positions: readonly Position[],
  incidents: readonly { readonly position: Position }[],
  ours: (target: Position) => readonly { readonly seconds: number }[],
): Promise<Row[]> {
  const installed = findPackage()
  if (!installed)
    return [
      { measure: 'Portland: Valhalla', value: null, unit: '', note: `${PACKAGE} is not installed: left out` },
    ]
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-valhalla-'))
  try {
    const actor = await openActor(installed, folder, osm)
    const took: number[] = []
    const apart: number[] = []
    for (const { position } of incidents.slice(0, QUESTIONS)) {
      const { milliseconds, gave } = await timed(() =>
        actor.matrix({ sources: positions, targets: [position], costing: 'auto' }),
      )
      took.push(milliseconds)
      const own = ours(position)
      gave.sources_to_targets.forEach(([cell], n) => {
        if (cell?.time && own[n]!.seconds > 60) apart.push(Math.abs(cell.time / own[n]!.seconds - 1) * 100)
      })
    }
    const note = `its travel times differ from ours by ${percentile(apart, 0.5).toFixed(0)} % at the median`
    return latencyRows('Portland: Valhalla, matrix of all units', took, { note })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function findPackage(): string | null {
  try {
    return createRequire(import.meta.url).resolve(PACKAGE)
  } catch {
    return null
  }
}

async function openActor(installed: string, folder: string, osm: string): Promise<Actor> {
  const { Actor, getConfig } = createRequire(import.meta.url)(installed) as Valhalla
  const config = await getConfig({
    tileDir: join(folder, 'tiles'),
    tileExtract: join(folder, 'tiles.tar'),
  })
  const configFile = join(folder, 'config.json')
  writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config))
  const tool = join(dirname(installed), 'bin/valhalla-cli.js')
  const built = spawnSync(process.execPath, [tool, 'build_tiles', '-c', configFile, osm], {
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`Valhalla built no tiles: ${built.stderr.slice(-2_000)}`)
  return new Actor(config)
}
