import type { FeatureCollection } from 'geojson'
import type {
  GeoJSONSource,
  LayerSpecification,
  MapGeoJSONFeature,
  MapLayerMouseEvent,
  SourceSpecification,
} from 'maplibre-gl'
import { useEffect, useRef } from 'react'
import type { Level } from './layer-stack.ts'
import { useMap } from './map-view.tsx'

type DrawnLayer = Extract<LayerSpecification, { source: string }>
/** A layer as a screen writes it: without the source, which is its GeoLayer's own. */
export type GeoLayerSpec = {
  [K in DrawnLayer['type']]: Omit<Extract<DrawnLayer, { type: K }>, 'source'>
}[DrawnLayer['type']]

export interface GeoLayerProps {
  /** Unique on the map. Layer ids are written in full in `layers`. */
  readonly id: string
  readonly level: Level
  readonly data: FeatureCollection
  readonly layers: readonly GeoLayerSpec[]
  readonly visible?: boolean
  readonly onSelect?: (feature: MapGeoJSONFeature) => void
  readonly source?: Partial<Extract<SourceSpecification, { type: 'geojson' }>>
}

/** Draws a GeoJSON collection with some layers; follows data, styling and visibility. */
export function GeoLayer(props: GeoLayerProps) {
  const { map } = useMap()
  const shown = useGeoLayers(props)
  useEffect(() => {
    void map.getSource<GeoJSONSource>(props.id)?.setData(props.data)
  }, [map, props.id, props.data, shown])
  return null
}

/** The same without the data: for a screen that feeds its source by differences. */
export function useGeoLayers({
  id,
  level,
  layers,
  visible = true,
  onSelect,
  source,
}: Omit<GeoLayerProps, 'data'>): void {
  const { map, stack } = useMap()
  const select = useRef(onSelect)
  const first = useRef({ layers, source })
  const isSelectable = onSelect !== undefined

  useEffect(() => {
    select.current = onSelect
    first.current = { layers, source }
  })

  useEffect(() => {
    const declared = first.current.layers
    map.addSource(id, {
      type: 'geojson',
      data: { type: 'FeatureCollection', features: [] },
      ...first.current.source,
    })
    for (const layer of declared) stack.add({ ...layer, source: id } as DrawnLayer, level)
    return () => {
      // The map itself may be gone already when its layers leave.
      if (!map.style) return
      for (const layer of declared) stack.remove(layer.id)
      if (map.getSource(id)) map.removeSource(id)
    }
  }, [map, stack, id, level])

  const styling = JSON.stringify(layers)
  useEffect(() => {
    for (const layer of first.current.layers) {
      if (!map.getLayer(layer.id)) continue
      map.setLayoutProperty(layer.id, 'visibility', visible ? 'visible' : 'none')
      map.setLayerZoomRange(layer.id, layer.minzoom ?? 0, layer.maxzoom ?? 24)
      if ('filter' in layer) map.setFilter(layer.id, layer.filter ?? null)
      for (const [property, value] of Object.entries(layer.paint ?? {})) {
        map.setPaintProperty(layer.id, property as never, value as never)
      }
      for (const [property, value] of Object.entries(layer.layout ?? {})) {
        if (property !== 'visibility') map.setLayoutProperty(layer.id, property as never, value as never)
      }
    }
  }, [map, styling, visible])

  useEffect(() => {
    if (!isSelectable) return
    const names = first.current.layers.map((layer) => layer.id)
    const click = (event: MapLayerMouseEvent) => {
      const feature = event.features?.[0]
      if (feature) select.current?.(feature)
    }
    const enter = () => (map.getCanvas().style.cursor = 'pointer')
    const leave = () => (map.getCanvas().style.cursor = '')
    for (const name of names) {
      map.on('click', name, click)
      map.on('mouseenter', name, enter)
      map.on('mouseleave', name, leave)
    }
    return () => {
      for (const name of names) {
        map.off('click', name, click)
        map.off('mouseenter', name, enter)
        map.off('mouseleave', name, leave)
      }
    }
  }, [map, isSelectable, styling])
}
