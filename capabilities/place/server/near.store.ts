import { sql } from 'kysely'
import type { Position } from '../../../foundation/core/geo.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'

const REACH_METRES = 300
const METRES_A_DEGREE = 111_195

/** For each position the name of what is nearest of sites, key places and the map's names, within 300 m; null where nothing is. */
export async function namesNear(db: Db | Tx, positions: readonly Position[]): Promise<(string | null)[]> {
  if (positions.length === 0) return []
  const reach = REACH_METRES / METRES_A_DEGREE
  const { rows } = await sql<{ name: string | null }>`
    with named as materialized (
      select name, lon, lat from key_place
      union all select name, lon, lat from site
      union all select name, lon, lat from place_name
    )
    select (
      select name from named
      where named.lat between spot.lat - ${reach} and spot.lat + ${reach}
        and abs(named.lon - spot.lon) * cos(radians(spot.lat)) <= ${reach}
      order by power((named.lon - spot.lon) * cos(radians(spot.lat)), 2) + power(named.lat - spot.lat, 2), name
      limit 1
    ) as name
    from unnest(${positions.map(({ lon }) => lon)}::float8[], ${positions.map(({ lat }) => lat)}::float8[])
      with ordinality as spot (lon, lat, n)
    order by n`.execute(db)
  return rows.map(({ name }) => name)
}
