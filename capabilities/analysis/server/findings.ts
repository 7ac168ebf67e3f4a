import type { Tx } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import {
  asNamed,
  incidentKey,
  recogniseSeries,
  type DayFindings,
  type KeptFindings,
  type KeptMember,
} from '../core/index.ts'
import { listRunsAround, listSeries } from './findings.store.ts'
import type { AnalysisNeeds, PastKey } from './needs.ts'
import type { Run } from './run.ts'

/**
 * Findings as they are kept: incidents by what people know them by, and each series under the id that it had on the
 * day before. `keys` has the key of each incident that was looked at.
 */
export async function nameFindings(
  tx: Tx,
  needs: AnalysisNeeds,
  run: Run,
  findings: DayFindings,
  keys: readonly PastKey[],
): Promise<KeptFindings> {
  const names = await needs.nameIncidents(tx, [
    ...new Set(findings.series.flatMap(({ members }) => members.map(({ incident }) => keys[incident]!))),
  ])
  const series = findings.series.map(({ members, ...rest }) => ({
    ...rest,
    members: members.map(({ incident, ...member }): KeptMember => {
      const key = keys[incident]!
      // Gone between the reading and now: its number still says which it was.
      return {
        ...member,
        incident: names.get(key) ?? { kind: 'call', id: String(key), source: '', externalId: String(key) },
      }
    }),
  }))
  const known = []
  for (const runId of await listRunsAround(tx, run)) known.push((await listSeries(tx, runId)).map(asNamed))
  const recognised = recogniseSeries(
    series.map(({ category, members }) => ({
      category,
      incidents: members.map(({ incident }) => incidentKey(incident)),
    })),
    known,
  )
  return {
    ...findings,
    series: series.map((each, n) => ({
      ...each,
      ...(recognised[n] ?? { id: newId(run.startedAt), since: run.day }),
    })),
  }
}
