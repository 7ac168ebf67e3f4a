interface Row {
  readonly id: string
  readonly parentId: string | null
}

export type Branch<Shown> = Shown & { children?: Branch<Shown>[] }

/** The list as a tree; a row whose parent is not in the list stands at the top. A circle is cut, nothing is lost. */
export function organisationTree<R extends Row, Shown extends object>(
  rows: readonly R[],
  show: (row: R) => Shown,
): Branch<Shown>[] {
  const ids = new Set(rows.map(({ id }) => id))
  const placed = new Set<string>()
  const branch = (row: R): Branch<Shown> => {
    placed.add(row.id)
    const children = rows.filter((each) => each.parentId === row.id && !placed.has(each.id)).map(branch)
    return { ...show(row), ...(children.length > 0 ? { children } : {}) }
  }
  const tops = rows.filter(({ parentId }) => parentId === null || !ids.has(parentId)).map(branch)
  return [
    ...tops,
    ...rows.filter(({ id }) => !placed.has(id)).flatMap((row) => (placed.has(row.id) ? [] : [branch(row)])),
  ]
}
