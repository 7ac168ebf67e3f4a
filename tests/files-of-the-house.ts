import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './planting.ts'

const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', 'results', 'out'])

/** The files below a folder of the repository, as paths from its root; what is built or installed is left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) return filesBelow(path)
      return entry.isFile() ? [path] : []
    })
}
