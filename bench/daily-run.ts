import { dateOfDay } from '../foundation/core/day.ts'
import type { Database } from '../foundation/server/db.ts'
import { makeUpHistory } from '../capabilities/analysis/core/made-up-history.ts'
import { bodyOf } from './product/client.ts'
import { latencyRows, loadRow, type Row } from './product/figures.ts'
import { openProduct, type Product } from './product/product.ts'

/**
 * The daily run of a district with 630,000 incidents behind it, in the product: how long it takes from its row in the
 * log to its plan, and whether the server answers others meanwhile, beside how it answers when nothing is computed.
 */
const INCIDENTS = 630_000
const DAYS = 4_000
const EVERY_MILLISECONDS = 25
const IDLE_ASKINGS = 400

export async function measure(): Promise<Row[]> {
  const rows = [loadRow()]
  const product = await openProduct(fillHistory)
  try {
    const during: number[] = []
    let run = await latestRun(product)
    const giveUpAt = Date.now() + 10 * 60_000
    while (run === undefined || run.state === 'running') {
      if (Date.now() > giveUpAt) throw new Error(`the run is ${run?.state ?? 'not begun'} after ten minutes`)
      const milliseconds = await ask(product)
      if (run) during.push(milliseconds)
      run = await latestRun(product)
    }
    if (run.state !== 'done') throw new Error(JSON.stringify(run))
    const idle: number[] = []
    while (idle.length < IDLE_ASKINGS) idle.push(await ask(product))
    const seconds = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000
    rows.push({
      measure: `a daily run on ${INCIDENTS.toLocaleString('en')} incidents, from the log to the plan`,
      value: seconds,
      unit: 's',
      note: 'read from the database, all and 4 categories by shift, day and week, series, warnings, risk by hour',
    })
    rows.push(...latencyRows('a reading while it runs', during))
    rows.push(...latencyRows('the same when nothing runs', idle))
    return rows
  } finally {
    await product.close()
  }
}

interface RunShown {
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: string
  readonly endedAt: string
}

async function latestRun({ client }: Product): Promise<RunShown | undefined> {
  const reply = await client.get('/api/analysis-runs?limit=1')
  return bodyOf<{ runs: RunShown[] }>(reply).runs[0]
}

async function ask({ client }: Product): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS))
  const sentAt = performance.now()
  bodyOf(await client.get('/api/units?limit=1'))
  return performance.now() - sentAt
}

/** Ends today, so that today is planned on it. */
async function fillHistory({ pool }: Database): Promise<void> {
  const made = makeUpHistory({ incidents: INCIDENTS, days: DAYS, seed: 7, metres: 18_000 })
  const last = made.day.reduce((latest, day) => Math.max(latest, day), 0)
  const later = Math.floor(Date.now() / 86_400_000) - Math.floor(last)
  for (let from = 0; from < INCIDENTS; from += 20_000) {
    const rows = Array.from({ length: Math.min(20_000, INCIDENTS - from) }, (_, n) => from + n)
    await pool.query(
      `insert into incident_history
         (source, external_id, occurred_at, hour_drawn, type_code, category, origin, lon, lat)
       select 'bench', id, at, not known, category, category, 'citizen', lon, lat
         from unnest($1::text[], $2::timestamptz[], $3::boolean[], $4::text[], $5::float8[], $6::float8[])
           as made (id, at, known, category, lon, lat)`,
      [
        rows.map(String),
        rows.map((i) => momentOf(made.day[i]! + later)),
        rows.map((i) => made.hourKnown[i] === 1),
        rows.map((i) => made.categories[made.category[i]!]!),
        rows.map((i) => made.lon[i]!),
        rows.map((i) => made.lat[i]!),
      ],
    )
  }
}

const momentOf = (day: number) =>
  `${dateOfDay(day)}T${new Date(Math.round((day % 1) * 86_400_000)).toISOString().slice(11)}`
