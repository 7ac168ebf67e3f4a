import type { Bounds } from '../../../foundation/core/geo.ts'
import type { RoadWay, TurnRestriction } from '../../../solvers/routing/build.ts'
import { buildRoadGraph } from '../../../solvers/routing/build.ts'
import { encodeRoadGraph } from '../../../solvers/routing/codec.ts'
import type { BasemapFeature } from '../core/features.ts'
import type { PlaceName } from '../core/place-names.ts'
import { placeNamesOf } from '../core/place-names.ts'
import { buildBasemap } from './basemap/basemap.ts'
import type { ImportNote } from './osm/read-osm.ts'

/** What a district's map is made of, from an extract or generated. */
export interface MapSource {
  readonly name: string
  /** `© OpenStreetMap contributors, ODbL` or `generated`: shown on every map. */
  readonly attribution: string
  readonly bounds: Bounds
  /** What a map shows first; the bounds where it is not given. */
  readonly viewBounds?: Bounds
  readonly ways: readonly RoadWay[]
  readonly restrictions?: readonly TurnRestriction[]
  readonly features: readonly BasemapFeature[]
  readonly notes?: readonly ImportNote[]
}

/** A district's map ready to be stored: road graph, base map archive and names, each in its stored form. */
export interface MapPackage {
  readonly name: string
  readonly attribution: string
  readonly bounds: Bounds
  readonly viewBounds: Bounds
  readonly graph: Uint8Array
  readonly basemap: Uint8Array
  readonly placeNames: readonly PlaceName[]
  readonly notes: readonly ImportNote[]
  readonly counts: {
    readonly ways: number
    readonly edges: number
    readonly junctions: number
    readonly turnRestrictions: number
    readonly features: number
    readonly placeNames: number
  }
}

/** Builds everything that is stored of a map. Seconds of pure work: call it in a worker thread. */
export function packMap(source: MapSource, onProgress: (share: number) => void = () => {}): MapPackage {
  const built = buildRoadGraph(source.ways, source.restrictions)
  onProgress(0.2)
  const viewBounds = source.viewBounds ?? source.bounds
  const basemap = buildBasemap(source.features, {
    name: source.name,
    bounds: viewBounds,
    attribution: source.attribution,
    onProgress: (share) => onProgress(0.2 + 0.6 * share),
  })
  const placeNames = placeNamesOf(source.ways, source.features)
  onProgress(1)
  return {
    name: source.name,
    attribution: source.attribution,
    bounds: source.bounds,
    viewBounds,
    graph: encodeRoadGraph(built.graph),
    basemap,
    placeNames,
    notes: withIgnored(source.notes ?? [], built.restrictionsIgnored),
    counts: {
      ways: source.ways.length,
      edges: built.graph.edgeFrom.length,
      junctions: built.graph.nodeLon.length,
      turnRestrictions: built.restrictionsApplied,
      features: source.features.length,
      placeNames: placeNames.length,
    },
  }
}

function withIgnored(notes: readonly ImportNote[], ignored: number): ImportNote[] {
  const before = notes.find((note) => note.code === 'osm-restrictions-ignored')?.count ?? 0
  const others = notes.filter((note) => note.code !== 'osm-restrictions-ignored')
  const count = before + ignored
  return count > 0 ? [...others, { code: 'osm-restrictions-ignored', count }] : others
}
