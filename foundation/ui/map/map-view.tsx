import { useQueryClient } from '@tanstack/react-query'
import type { Map as MapLibre } from 'maplibre-gl'
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Bounds, Position } from '../../core/geo.ts'
import { districtQuery } from '../session/session.tsx'
import { useTheme } from '../theme/theme.tsx'
import { basemapLayers, basemapStyle } from './basemap.ts'
import { LayerStack } from './layer-stack.ts'
import './map.css'

const loadEngine = () => import('./engine.ts')
// Asked for as soon as any page with a map is, so that it comes while the page is drawn.
void loadEngine().catch(() => null)

export interface MapHandle {
  readonly map: MapLibre
  readonly stack: LayerStack
}

const MapContext = createContext<MapHandle | null>(null)

/** The map around this layer. Throws outside a MapView. */
export function useMap(): MapHandle {
  const handle = useContext(MapContext)
  if (!handle) throw new Error('a map layer is drawn outside a MapView')
  return handle
}

export interface MapViewProps {
  readonly label: string
  readonly children?: ReactNode
  /** Drawn over the map, outside its coordinates: legends, panels. */
  readonly over?: ReactNode
  /** Chooses a place: by click, or by arrow keys and Enter at the cross in the middle. */
  readonly onPick?: ((position: Position) => void) | undefined
  readonly onCancelPick?: () => void
  /** One field of a form among others: choosing waits until the map is given the focus. */
  readonly isField?: boolean
  readonly onViewport?: (bounds: Bounds) => void
  /** Shown first; the district's whole basemap otherwise. */
  readonly initial?: { readonly centre: Position; readonly zoom: number }
  readonly onReady?: (handle: MapHandle) => void
}

type Basemap = 'opening' | 'shown' | 'missing' | 'unsupported' | 'failed' | 'broken'

/** The offline map of the district: our own tiles, our own fonts, nothing from elsewhere. */
export function MapView(props: MapViewProps) {
  const { t } = useTranslation('ui')
  const { name, palette } = useTheme()
  const queries = useQueryClient()
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  const [handle, setHandle] = useState<MapHandle | null>(null)
  const [isDrawn, setIsDrawn] = useState(false)
  const [basemap, setBasemap] = useState<Basemap>('opening')
  const firstPalette = useRef(palette)

  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    let removed = false
    let map: MapLibre | null = null
    const begin = async () => {
      const engine = await loadEngine().catch(() => null)
      if (engine === null) return setBasemap('failed')
      const [archive, district] = await Promise.all([
        engine.openArchive().catch(() => null),
        queries.ensureQueryData(districtQuery).catch(() => null),
      ])
      if (removed || !box.current) return
      try {
        map = new engine.MapLibre({
          container: box.current,
          style: basemapStyle(firstPalette.current, archive?.url ?? null),
          localIdeographFontFamily:
            '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif',
          attributionControl: false,
          dragRotate: false,
          pitchWithRotate: false,
          touchPitch: false,
          fadeDuration: 0,
          maxZoom: 19,
          ...startOf(latest.current.initial, district?.viewBounds ?? archive?.bounds),
        })
      } catch {
        setBasemap('unsupported')
        return
      }
      map.touchZoomRotate.disableRotation()
      map.addControl(new engine.NavigationControl({ showCompass: false }), 'bottom-right')
      map.addControl(new engine.ScaleControl({ unit: 'metric' }), 'bottom-left')
      map.addControl(new engine.AttributionControl({ compact: true }), 'bottom-right')
      const usual: Basemap = archive ? 'shown' : 'missing'
      setBasemap(usual)
      let isLoaded = false
      // Without somebody who listens the library throws what went wrong at the page. A tile that failed is asked for
      // again when the map is moved; the positions on it are drawn all the same.
      map.on('error', () => !removed && setBasemap(isLoaded ? 'broken' : 'failed'))
      map.on('webglcontextlost', () => !removed && setBasemap('failed'))
      map.on('webglcontextrestored', () => !removed && setBasemap(usual))
      map.on('movestart', () => isLoaded && !removed && setBasemap(usual))
      const ready = { map, stack: new LayerStack(map) }
      // What lies over the map need not wait for its tiles: units are seen first, streets come under them.
      map.once('style.load', () => {
        if (removed) return
        isLoaded = true
        setBasemap((now) => (now === 'failed' ? 'broken' : now))
        setHandle(ready)
        latest.current.onReady?.(ready)
        tellViewport()
      })
      map.once('load', () => {
        if (!removed) setIsDrawn(true)
      })
      map.on('moveend', tellViewport)
    }
    const tellViewport = () => {
      const bounds = map?.getBounds()
      if (!bounds) return
      latest.current.onViewport?.({
        west: bounds.getWest(),
        south: bounds.getSouth(),
        east: bounds.getEast(),
        north: bounds.getNorth(),
      })
    }
    void begin()
    return () => {
      removed = true
      setHandle(null)
      setIsDrawn(false)
      map?.remove()
    }
  }, [queries])

  useEffect(() => {
    if (!handle) return
    for (const layer of basemapLayers(palette)) {
      if (!handle.map.getLayer(layer.id)) continue
      for (const [property, value] of Object.entries(layer.paint ?? {})) {
        handle.map.setPaintProperty(layer.id, property as never, value as never)
      }
    }
  }, [handle, palette])

  const picking = props.onPick !== undefined
  useEffect(() => {
    if (!handle || !picking) return
    const { map } = handle
    const canvas = map.getCanvas()
    const click = (event: { lngLat: { lng: number; lat: number } }) =>
      latest.current.onPick?.({ lon: event.lngLat.lng, lat: event.lngLat.lat })
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Enter') {
        const { lng, lat } = map.getCenter()
        latest.current.onPick?.({ lon: lng, lat })
      } else if (event.key === 'Escape') latest.current.onCancelPick?.()
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    map.on('click', click)
    canvas.addEventListener('keydown', key)
    canvas.style.cursor = 'crosshair'
    if (!latest.current.isField) canvas.focus()
    return () => {
      map.off('click', click)
      canvas.removeEventListener('keydown', key)
      canvas.style.cursor = ''
    }
  }, [handle, picking])

  const context = useMemo(() => handle, [handle])

  return (
    <div className="map" data-map-theme={name} data-map-ready={isDrawn}>
      <div ref={box} className="map-canvas" role="region" aria-label={props.label} />
      {basemap === 'missing' && <div className="map-note">{t('map.no-basemap')}</div>}
      {(basemap === 'unsupported' || basemap === 'failed' || basemap === 'broken') && (
        <div className="map-note" role="alert">
          {t(`map.${basemap}`)}
        </div>
      )}
      {picking && (
        <>
          <svg className="map-cross" viewBox="0 0 40 40" aria-hidden>
            <path d="M20 2v13M20 25v13M2 20h13M25 20h13" />
            <circle cx="20" cy="20" r="3" />
          </svg>
          <div className="map-note map-note-pick" role="status">
            {t(props.onCancelPick ? 'map.pick-or-cancel' : 'map.pick')}
          </div>
        </>
      )}
      {context && <MapContext value={context}>{props.children}</MapContext>}
      {props.over}
    </div>
  )
}

function startOf(initial: MapViewProps['initial'], bounds: Bounds | undefined) {
  if (initial)
    return { center: [initial.centre.lon, initial.centre.lat] as [number, number], zoom: initial.zoom }
  if (bounds) {
    return {
      bounds: [bounds.west, bounds.south, bounds.east, bounds.north] as [number, number, number, number],
      fitBoundsOptions: { padding: 8 },
    }
  }
  return { center: [0, 0] as [number, number], zoom: 1 }
}

/** Moves the map so that all of the positions are seen. One position is brought near. */
export function fitTo(map: MapLibre, positions: readonly Position[], padding = 80): void {
  if (positions.length === 0) return
  const lons = positions.map(({ lon }) => lon)
  const lats = positions.map(({ lat }) => lat)
  map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
    padding,
    maxZoom: 15.5,
    duration: 500,
  })
}
