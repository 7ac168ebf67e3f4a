import { inTransaction } from '../../foundation/server/db.ts'
import { newId } from '../../foundation/server/ids.ts'
import type { Post, PostId } from '../../capabilities/roster/core/index.ts'
import { settleRoster } from '../../capabilities/roster/server/settle.ts'
import type { Asked, Command } from './command.ts'
import type { StationScene, TwoStations } from './two-stations.ts'

/** A desk that anybody of a station may stand at. */
export const deskOf = (organisationId: string): Post => ({
  id: newId<PostId>(),
  ...{ organisationId, code: 'desk', nameZh: '值班室', nameEn: 'Desk', kind: 'desk', isStreet: false },
  ...{ unitId: null, shifts: [], minOfficers: 0, maxOfficers: null, needsLeader: false, skills: [] },
})

/** Both stations follow the three-shift pattern from the year's first day on, each officer in one of its platoons. */
export async function followPatterns({ house, east, west }: TwoStations): Promise<readonly Post[]> {
  const posts = [east, west].map(({ organisationId }) => deskOf(organisationId))
  const scheme = ({ organisationId, officers }: StationScene) => ({
    ...{ organisationId, patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2026-01-01' },
    platoons: [[officers[0]!, officers[3]!], [officers[1]!], [officers[2]!]],
  })
  await inTransaction(house.database.db, (tx) =>
    settleRoster(
      tx,
      { schemes: [scheme(east), scheme(west)], posts, holidays: [], rosters: [] },
      { timeZone: 'Asia/Shanghai', now: Date.now() },
    ),
  )
  return posts
}

/** One successful call of every command of rosters. The stage may still be empty when the list is made. */
export function rosterCommands(stage: TwoStations): readonly Command[] {
  let followed: Promise<unknown> | null = null
  const ready = () => (followed ??= followPatterns(stage))
  let days = 0
  const draft = async (): Promise<Asked> => {
    await ready()
    return { path: '/api/rosters', body: { fromDate: '2026-12-01', days: 7 + (days++ % 20) } }
  }
  return [['POST /api/rosters', draft]]
}
