import { sql } from 'kysely'
import { distanceMetres } from '../../../foundation/core/geo.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { queryWords, searchText } from '../core/place-query.ts'
import { wordsSpeltAlike } from '../core/spelling.ts'

export interface FoundPlace {
  /** Of a site or a key place. */
  readonly id: string | null
  readonly name: string
  readonly kind: string
  readonly lon: number
  readonly lat: number
}

/**
 * Names that hold every word of the query, best first: the name itself, then names that begin with it, then shorter
 * ones. Sites and key places come with their ids. Where nothing is found, names spelt alike are given.
 */
export async function searchPlaces(db: Db, query: string, limit: number): Promise<FoundPlace[]> {
  const words = queryWords(query)
  if (words.length === 0) return []
  const found = await searchExactly(db, query, words, limit)
  if (found.length > 0) return found
  for (const spelling of (await respell(db, words)) ?? []) {
    const alike = await searchExactly(db, spelling, queryWords(spelling), limit)
    if (alike.length > 0) return alike
  }
  return []
}

async function searchExactly(
  db: Db,
  query: string,
  words: readonly string[],
  limit: number,
): Promise<FoundPlace[]> {
  const whole = searchText(query)
  const holdsAll = sql.join(
    words.map((word) => sql`search_text like ${`%${word}%`}`),
    sql` and `,
  )
  const startsWords = sql.join(
    words.map((word) => sql`(' ' || search_text like ${`% ${word}%`})::int`),
    sql` + `,
  )
  const found = await sql<FoundPlace>`
    select id, name, kind, lon, lat from (
      select null::text as id, name, kind, lon, lat, search_text from place_name where ${holdsAll}
      union all
      select id, name, 'site', lon, lat, search_text from site where ${holdsAll}
      union all
      select id, name, 'key-place', lon, lat, search_text
      from (select *, lower(name) as search_text from key_place) guarded where ${holdsAll}
    ) named
    order by search_text = ${whole} desc, search_text like ${`${whole}%`} desc, ${startsWords} desc,
      id is not null desc, length(search_text), kind = 'building', search_text, lon
    limit ${limit + SPARE}`.execute(db)
  return withoutDoubles(found.rows).slice(0, limit)
}

/** Rows fetched beyond what is asked for, since some may be left out again. */
const SPARE = 10
const SAME_PLACE_METRES = 300

/** A place of the map that is registered as a site or key place as well is given once, with its id. */
function withoutDoubles(found: readonly FoundPlace[]): FoundPlace[] {
  return found.filter(
    (place) =>
      place.id !== null ||
      !found.some(
        (other) =>
          other.id !== null && other.name === place.name && distanceMetres(other, place) < SAME_PLACE_METRES,
      ),
  )
}

/** Spellings tried for a word that no name holds. */
const SPELLINGS = 3

/** The query with each word that no name holds replaced by those spelt most like it; null where nothing helps. */
async function respell(db: Db, words: readonly string[]): Promise<string[] | null> {
  let queries: string[][] = [[]]
  for (const word of words) {
    const { rows } = await sql<{ word: string; isKnown: boolean }>`
      select word, word like ${`%${word}%`} as "isKnown" from place_word
      where word like ${`%${word}%`} or word like ${`${[...word][0]!}%`}`.execute(db)
    const isKnown = rows.some((row) => row.isKnown)
    const spellings = isKnown
      ? [word]
      : wordsSpeltAlike(
          word,
          rows.map((row) => row.word),
          SPELLINGS,
        )
    if (spellings.length === 0) return null
    queries = queries
      .flatMap((query) => spellings.map((spelling) => [...query, spelling]))
      .slice(0, SPELLINGS)
  }
  return queries.map((query) => query.join(' ')).filter((query) => query !== words.join(' '))
}
