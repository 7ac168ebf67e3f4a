import { once } from 'node:events'
import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { seededChance } from '../foundation/core/chance.ts'
import { isRefusal } from '../foundation/core/outcome.ts'
import { openDatabase } from '../foundation/server/db.ts'
import { APP_ROLE, migrate } from '../foundation/server/migrate.ts'
import { launchDatabase } from '../foundation/server/postgres/launcher.ts'
import { ORDER } from '../apps/server/order.ts'
import { GENERATED_HOUR_PROFILE } from '../capabilities/incident/core/import/hour-profile.ts'
import { isMapping, readMapping } from '../capabilities/incident/core/import/mapping.ts'
import { importCalls } from '../capabilities/incident/server/import/import-calls.ts'
import type { Row } from './product/figures.ts'

/**
 * A calls-for-service file of a million rows, gzip, dates without hours, with bad and repeated rows, into the history:
 * rows a second, and how much memory the last million rows take over the first hundred thousand.
 */
const ROWS = 1_000_000
const WARM_ROWS = 100_000
const TARGET_MEGABYTES = 64

export async function measure(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-import-bench-'))
  chmodSync(folder, 0o755)
  const path = join(folder, 'calls.csv.gz')
  await writeCalls(path)
  const launched = await launchDatabase({ dataFolder: folder, use: 'server' })
  try {
    await migrate(launched.ownerUrl, ORDER)
    const database = openDatabase(
      launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
    )
    try {
      const mapping = readMapping({
        source: 'bench',
        key: { natural: ['day', 'kind', 'x', 'y'], repeats: 'keep' },
        time: { column: 'day', format: 'YYYYMMDD', zone: 'America/Los_Angeles' },
        place: { x: 'x', y: 'y', epsg: 2913 },
        type: { column: 'kind', wording: 'kind' },
      })
      if (!isMapping(mapping)) throw new Error(JSON.stringify(mapping))
      let warm = 0
      let peak = 0
      const began = performance.now()
      const summary = await importCalls(database.pool, {
        path,
        mapping,
        now: Date.now(),
        isInArea: null,
        hours: { profile: GENERATED_HOUR_PROFILE, seed: 1 },
        rejectPath: join(folder, 'rejected.csv'),
        dryRun: false,
        onProgress: ({ rows }) => {
          const used = process.memoryUsage().rss / 1e6
          if (rows <= WARM_ROWS) warm = Math.max(warm, used)
          peak = Math.max(peak, used)
        },
      })
      if (isRefusal(summary)) throw new Error(JSON.stringify(summary))
      const seconds = (performance.now() - began) / 1000
      const counted = summary.accepted + summary.duplicates + summary.rejectedTotal
      return [
        {
          measure: 'rows a second',
          value: ROWS / seconds,
          unit: 'rows/s',
          note: `${summary.accepted} accepted, ${JSON.stringify(summary.rejected)}`,
        },
        {
          measure: 'rows accepted, duplicate or rejected',
          value: counted,
          unit: 'rows',
          target: String(ROWS),
          reached: counted === ROWS,
        },
        {
          measure: 'memory grown after the first 100,000 rows',
          value: Math.max(0, peak - warm),
          unit: 'MB',
          target: `≤ ${TARGET_MEGABYTES}`,
          reached: peak - warm <= TARGET_MEGABYTES,
          note: `peak ${Math.round(peak)} MB`,
        },
      ]
    } finally {
      await database.close()
    }
  } finally {
    await launched.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const KINDS = [
  'BURGLARY - PRIORITY',
  'ASSAULT - COLD',
  'THEFT - COLD',
  'NOISE DISTURBANCE',
  'WELFARE CHECK',
  'ACCIDENT - INJURY',
]

async function writeCalls(path: string): Promise<void> {
  const chance = seededChance(1)
  const zipped = createGzip({ level: 1 })
  const file = createWriteStream(path)
  zipped.pipe(file)
  let text = 'day,kind,x,y\n'
  for (let row = 0; row < ROWS; row++) {
    const day = 20_160_101 + chance.below(28) + 100 * chance.below(12)
    // One row in five hundred is damaged; places are few, so that many rows repeat.
    const place =
      chance.below(500) === 0
        ? ','
        : `${7_640_000 + 500 * chance.below(90)},${670_000 + 500 * chance.below(70)}`
    text += `${day},${KINDS[chance.below(KINDS.length)]},${place}\n`
    if (text.length < 1 << 20) continue
    if (!zipped.write(text)) await once(zipped, 'drain')
    text = ''
  }
  zipped.end(text)
  await once(file, 'finish')
}
