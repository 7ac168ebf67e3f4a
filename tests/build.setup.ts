import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './planting.ts'

/** Browsers and faults meet what is shipped: the production build, made anew where a source has changed. */
export default function buildProduct(): void {
  const build = spawnSync(process.execPath, [join(ROOT, 'bin/build.mjs')], { encoding: 'utf8' })
  if (build.status !== 0) throw new Error(`the build failed:\n${build.stderr}`)
}
