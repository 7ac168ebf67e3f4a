import { join, resolve } from 'node:path'
import { isRefusal, type Refusal } from '../../foundation/core/outcome.ts'
import type { Database } from '../../foundation/server/db.ts'
import { DEFAULT_HOUR_SEED } from '../../capabilities/incident/core/import/hour-profile.ts'
import { listOrganisations } from '../../capabilities/force/server/store.ts'
import { loadDemonstration } from '../demo/demonstration.ts'
import { loadRealDistrict } from '../demo/real-district.ts'
import { demonstrate } from '../simulator/from-history.ts'
import type { StartArguments } from './arguments.ts'

type Say = (chinese: string, english: string) => void

/** Loads the district into an empty database: the generated one, or real roads and real calls. A refusal says what was wrong with which file. */
export async function fillOnFirstRun(
  database: Database,
  args: StartArguments,
  dataFolder: string,
  say: Say,
): Promise<Refusal | null> {
  if ((await listOrganisations(database.db)).length > 0) return null
  if (args.osmFile) return fillWithRealDistrict(database, args, args.osmFile, dataFolder, say)
  say('首次启动，正在载入演示辖区…', 'first start, loading the demonstration district …')
  await loadDemonstration(database, { now: Date.now() })
  return null
}

async function fillWithRealDistrict(
  database: Database,
  args: StartArguments,
  osm: string,
  dataFolder: string,
  say: Say,
): Promise<Refusal | null> {
  say(
    `首次启动，正在载入 ${args.district} 的道路和警情…`,
    `first start, loading roads and calls of ${args.district} …`,
  )
  const rejectPath = args.incidentsFile ? join(dataFolder, `${args.district}-rejected.csv`) : null
  const loaded = await loadRealDistrict(database, {
    name: args.district,
    osm: resolve(osm),
    incidents: args.incidentsFile && resolve(args.incidentsFile),
    mapping: args.mappingFile && resolve(args.mappingFile),
    hourProfile: args.hourProfileFile && resolve(args.hourProfileFile),
    rejectPath,
    seed: DEFAULT_HOUR_SEED,
    now: Date.now(),
  })
  if (isRefusal(loaded)) return loaded
  for (const note of loaded.map.notes) say(`路网修复：${JSON.stringify(note)}`, 'repaired on import')
  const { calls } = loaded
  if (calls) {
    say(
      `读入 ${calls.rows} 行：接受 ${calls.accepted}，重复 ${calls.duplicates}，拒绝 ${calls.rejectedTotal}（明细见 ${rejectPath}）`,
      `${calls.rows} rows: ${calls.accepted} accepted, ${calls.duplicates} duplicates, ${calls.rejectedTotal} rejected ${JSON.stringify(calls.rejected)}`,
    )
    if (calls.hoursDrawn > 0)
      say(
        `${calls.hoursDrawn} 起警情只有日期，时刻为按固定种子抽取`,
        `${calls.hoursDrawn} calls carry a date only; their hours are drawn with a fixed seed`,
      )
  }
  return null
}

/** Lets simulated units and callers play through the public API. */
export function startPlaying(database: Database, url: string, say: Say): Promise<{ stop(): Promise<void> }> {
  let told = ''
  return demonstrate(database, url, (fault) => {
    if (fault !== told) say(`模拟器：${fault}`, `simulator: ${fault}`)
    told = fault
  })
}
