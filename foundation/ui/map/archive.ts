import { addProtocol, prewarm, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { PMTiles, Protocol } from 'pmtiles'
import type { Bounds } from '../../core/geo.ts'

// A bundled page must say where the worker is, or the map stays blank.
setWorkerUrl(workerUrl)
// The workers read half a megabyte of script: they do so while the page asks what to show.
prewarm()

const protocol = new Protocol({ metadata: true })
addProtocol('pmtiles', protocol.tile)

export interface Archive {
  readonly url: string
  readonly bounds: Bounds
  readonly maxZoom: number
}

let opening: Promise<Archive> | null = null

/** Opens the district's basemap once for all maps of the page; asks again after a failure. */
export function openArchive(): Promise<Archive> {
  opening ??= read().catch((error: unknown) => {
    opening = null
    throw error
  })
  return opening
}

async function read(): Promise<Archive> {
  const url = `${location.origin}/api/basemap.pmtiles`
  const archive = new PMTiles(url)
  const header = await archive.getHeader()
  protocol.add(archive)
  return {
    url,
    bounds: { west: header.minLon, south: header.minLat, east: header.maxLon, north: header.maxLat },
    maxZoom: header.maxZoom,
  }
}
