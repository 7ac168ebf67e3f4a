import 'maplibre-gl/dist/maplibre-gl.css'

/** The map library and what it needs, a megabyte: it comes by itself, after the page around it is drawn. */
export { AttributionControl, Map as MapLibre, NavigationControl, ScaleControl } from 'maplibre-gl'
export { openArchive } from './archive.ts'
