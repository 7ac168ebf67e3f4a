import type { LonLat } from '../../../capabilities/place/core/index.ts'

/** One data row: cells by heading, numbered as the file numbers it. `ring` is the outline of a GeoJSON polygon. */
export interface TableRow {
  readonly row: number
  readonly cells: Readonly<Record<string, string>>
  readonly ring: readonly LonLat[] | null
}

/** A row that is no row of the table, by number and cause. */
export interface TableFault {
  readonly row: number
  readonly cause: 'unclosed-quote' | 'line-too-long' | 'column-count'
  readonly value: string
}

export interface Table {
  readonly rows: readonly TableRow[]
  readonly faults: readonly TableFault[]
}
