import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const ROOT = dirname(dirname(new URL(import.meta.url).pathname))

/** The settings that the locks are made of. */
const SETTINGS = [
  'package.json',
  'architecture.cjs',
  'tsconfig.base.json',
  'tsconfig.pure.json',
  'tsconfig.server.json',
  'tsconfig.web.json',
]

/** An empty house with our locks on its doors, in which a spec plants what must be caught. */
export interface PlantedHouse {
  readonly folder: string
  run(program: string, ...args: string[]): { code: number; output: string }
  remove(): void
}

export function plant(files: Readonly<Record<string, string>>): PlantedHouse {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'xunfang-planted-')))
  for (const name of SETTINGS) cpSync(join(ROOT, name), join(folder, name))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    folder,
    run: (program, ...args) => runIn(folder, program, ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs a program of node_modules, named by its path there. */
export function runIn(folder: string, program: string, ...args: string[]): { code: number; output: string } {
  const run = spawnSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 200_000_000,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: run.status ?? 128, output: run.stdout + run.stderr }
}
