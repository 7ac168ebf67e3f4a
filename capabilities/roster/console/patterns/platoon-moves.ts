/** Officers in platoons, and those who are in none. */
export interface PlatoonSheet {
  readonly platoons: readonly (readonly string[])[]
  readonly unplaced: readonly string[]
}

/** The members of an organisation laid over a scheme's platoons; who serves elsewhere by now is left out. */
export function platoonSheet(
  platoons: readonly (readonly string[])[],
  wanted: number,
  members: readonly string[],
): PlatoonSheet {
  const known = new Set(members)
  const rows = Array.from({ length: wanted }, (_, platoon) =>
    (platoons[platoon] ?? []).filter((id) => known.has(id)),
  )
  const placed = new Set(rows.flat())
  return { platoons: rows, unplaced: members.filter((id) => !placed.has(id)) }
}

/** An officer put into a platoon; null: into none. */
export function moveOfficer(sheet: PlatoonSheet, id: string, platoon: number | null): PlatoonSheet {
  const without = {
    platoons: sheet.platoons.map((row) => row.filter((each) => each !== id)),
    unplaced: sheet.unplaced.filter((each) => each !== id),
  }
  return platoon === null
    ? { ...without, unplaced: [...without.unplaced, id] }
    : {
        ...without,
        platoons: without.platoons.map((row, index) => (index === platoon ? [...row, id] : row)),
      }
}

/** Deals those in no platoon round the platoons, sworn officers first, so that each platoon has its leaders. */
export function dealUnplaced(sheet: PlatoonSheet, isSworn: (id: string) => boolean): PlatoonSheet {
  const rows = sheet.platoons.map((row) => [...row])
  if (rows.length === 0) return sheet
  for (const sworn of [true, false])
    for (const id of sheet.unplaced.filter((each) => isSworn(each) === sworn)) {
      const count = (row: readonly string[]) => row.filter((each) => isSworn(each) === sworn).length
      const fewest = rows.toSorted((a, b) => count(a) - count(b) || a.length - b.length)[0]!
      fewest.push(id)
    }
  return { platoons: rows, unplaced: [] }
}
