import type { LayerSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl'
import type { Palette } from '../theme/palette.ts'

/** Drawn with fonts of this machine: a style without `glyphs` asks nobody for letters. */
export const MAP_FONT = ['Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif']

export const BASEMAP_SOURCE = 'basemap'

const MAJOR = [
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
]
const MOTORWAY = ['motorway', 'motorway_link', 'trunk', 'trunk_link']
const FOOT = ['footway', 'path', 'steps', 'cycleway', 'pedestrian', 'track', 'bridleway']

const width = (at12: number, at16: number, at19: number) =>
  ['interpolate', ['exponential', 1.6], ['zoom'], 11, at12 / 2, 12, at12, 16, at16, 19, at19] as never

/** The layers of our own tiles (roads, water, landuse, buildings, railways, places), bottom first. */
export function basemapLayers({ map: p }: Palette): LayerSpecification[] {
  const source = BASEMAP_SOURCE
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
    {
      id: 'landuse',
      type: 'fill',
      source,
      'source-layer': 'landuse',
      paint: {
        'fill-color': [
          'match',
          ['get', 'kind'],
          [
            'park',
            'forest',
            'wood',
            'grass',
            'garden',
            'recreation_ground',
            'cemetery',
            'meadow',
            'farmland',
            'scrub',
          ],
          p.green,
          p.built,
        ],
      },
    },
    {
      id: 'water-area',
      type: 'fill',
      source,
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': p.water },
    },
    {
      id: 'water-line',
      type: 'line',
      source,
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': p.water, 'line-width': width(1, 4, 12) },
    },
    {
      id: 'buildings',
      type: 'fill',
      source,
      'source-layer': 'buildings',
      minzoom: 13,
      paint: { 'fill-color': p.building, 'fill-outline-color': p.buildingLine },
    },
    {
      id: 'railways',
      type: 'line',
      source,
      'source-layer': 'railways',
      paint: { 'line-color': p.rail, 'line-width': width(1, 2, 4), 'line-dasharray': [4, 2] },
    },
    {
      id: 'roads-foot',
      type: 'line',
      source,
      'source-layer': 'roads',
      minzoom: 15,
      filter: ['in', ['get', 'class'], ['literal', FOOT]],
      paint: { 'line-color': p.minor, 'line-width': width(0.5, 1, 3), 'line-dasharray': [2, 2] },
    },
    {
      id: 'roads-casing',
      type: 'line',
      source,
      'source-layer': 'roads',
      minzoom: 12,
      filter: ['!', ['in', ['get', 'class'], ['literal', FOOT]]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': p.casing,
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 12, 1.5, 14, 3, 16, 9, 19, 34] as never,
      },
    },
    {
      id: 'roads-minor',
      type: 'line',
      source,
      'source-layer': 'roads',
      filter: ['!', ['in', ['get', 'class'], ['literal', [...MAJOR, ...FOOT]]]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.minor, 'line-width': width(0.7, 5, 24) },
    },
    {
      id: 'roads-major',
      type: 'line',
      source,
      'source-layer': 'roads',
      filter: ['in', ['get', 'class'], ['literal', MAJOR.filter((each) => !MOTORWAY.includes(each))]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.major, 'line-width': width(1.8, 8, 30) },
    },
    {
      id: 'roads-motorway',
      type: 'line',
      source,
      'source-layer': 'roads',
      filter: ['in', ['get', 'class'], ['literal', MOTORWAY]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.motorway, 'line-width': width(2.2, 9, 32) },
    },
    {
      id: 'road-names-major',
      type: 'symbol',
      source,
      'source-layer': 'roads',
      minzoom: 13,
      filter: ['in', ['get', 'class'], ['literal', MAJOR]],
      layout: roadName(12),
      paint: { 'text-color': p.label, 'text-halo-color': p.labelHalo, 'text-halo-width': 1.4 },
    },
    {
      id: 'road-names-minor',
      type: 'symbol',
      source,
      'source-layer': 'roads',
      minzoom: 15,
      filter: ['!', ['in', ['get', 'class'], ['literal', [...MAJOR, ...FOOT]]]],
      layout: roadName(11),
      paint: { 'text-color': p.label, 'text-halo-color': p.labelHalo, 'text-halo-width': 1.4 },
    },
    {
      id: 'water-names',
      type: 'symbol',
      source,
      'source-layer': 'water',
      minzoom: 12,
      filter: ['has', 'name'],
      layout: { 'text-field': ['get', 'name'], 'text-font': MAP_FONT, 'text-size': 12 },
      paint: { 'text-color': p.waterLabel, 'text-halo-color': p.labelHalo, 'text-halo-width': 1 },
    },
    placeNames(p, 'place-names', { settlement: true, minzoom: 0 }),
    placeNames(p, 'place-names-near', { settlement: false, minzoom: 15 }),
  ]
}

/** Shops, banks and the like are named from near; where people live and what everyone knows, from afar. */
const NEAR_ONLY = [
  'building',
  'bank',
  'bar',
  'cafe',
  'car',
  'clinic',
  'convenience',
  'fast_food',
  'fuel',
  'gallery',
  'guest_house',
  'hostel',
  'hotel',
  'jewelry',
  'motel',
  'nightclub',
  'parking',
  'pharmacy',
  'place_of_worship',
  'playground',
  'post_office',
  'pub',
  'restaurant',
  'stop',
  'supermarket',
  'kindergarten',
  'department_store',
  'community_centre',
  'arts_centre',
  'cinema',
]

function placeNames(
  p: Palette['map'],
  id: string,
  { settlement, minzoom }: { settlement: boolean; minzoom: number },
): SymbolLayerSpecification {
  const isNear = ['in', ['get', 'kind'], ['literal', NEAR_ONLY]] as never
  return {
    id,
    type: 'symbol',
    source: BASEMAP_SOURCE,
    'source-layer': 'places',
    minzoom,
    filter: settlement ? (['!', isNear] as never) : isNear,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': MAP_FONT,
      'text-size': settlement ? ['interpolate', ['linear'], ['zoom'], 10, 12, 15, 14] : 11.5,
      'text-letter-spacing': 0.06,
      'text-max-width': 8,
    },
    paint: { 'text-color': p.label, 'text-halo-color': p.labelHalo, 'text-halo-width': 1.6 },
  }
}

function roadName(size: number): SymbolLayerSpecification['layout'] & object {
  return {
    'symbol-placement': 'line',
    'text-field': ['get', 'name'],
    'text-font': MAP_FONT,
    'text-size': size,
    'text-letter-spacing': 0.04,
    'symbol-spacing': 320,
  }
}

export function basemapStyle(palette: Palette, archive: string | null): StyleSpecification {
  const layers = basemapLayers(palette)
  return {
    version: 8,
    sources:
      archive === null
        ? {}
        : {
            [BASEMAP_SOURCE]: { type: 'vector', url: `pmtiles://${archive}` },
          },
    layers: archive === null ? layers.slice(0, 1) : layers,
  }
}
