import { basename } from 'node:path'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { importMap } from '../../capabilities/place/server/imports.ts'
import { importOsmInWorker } from '../../capabilities/place/server/osm/import-osm.ts'
import { withDatabase } from './connection.ts'
import type { Options } from './options.ts'
import { EXIT, tellRefusal, type ExitCode } from './outcome.ts'
import { openProgress } from './progress.ts'
import type { Words } from './words.ts'

/** `xunfang import roads FILE.osm.pbf`: road network, base map and place names, in the place of those before. */
export async function importRoads(file: string, options: Options, words: Words): Promise<ExitCode> {
  const progress = openProgress()
  const name = options.name ?? basename(file).replace(/\.osm\.pbf$/i, '')
  const map = await importOsmInWorker(
    { path: file, name },
    { onProgress: (share) => progress.at(share, name) },
  )
  progress.end()
  if (isRefusal(map)) return tellRefusal(words, map)
  const { counts, notes } = map
  for (const { code, count } of notes) words.say(`note.${code}`, { count })
  if (!options['dry-run'])
    await withDatabase(options.data, (database) =>
      importMap(database.db, systemContext('xunfang import', Date.now()), map),
    )
  words.say(options['dry-run'] ? 'roads.rehearsed' : 'roads.done', {
    name,
    ways: counts.ways,
    junctions: counts.junctions,
    edges: counts.edges,
    names: counts.placeNames,
    kilobytes: Math.round(map.basemap.length / 1024),
  })
  return EXIT.done
}
