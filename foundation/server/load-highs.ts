import { createRequire } from 'node:module'
import type { Highs } from 'highs'

/**
 * Loads the HiGHS library (WebAssembly, one thread), anew for each caller. Taken by `require`: the package's types
 * describe its CommonJS build, and its default import cannot be called where modules are resolved as Node does.
 */
export function loadHighs(): Promise<Highs> {
  const load = createRequire(import.meta.url)('highs') as () => Promise<Highs>
  return load()
}
