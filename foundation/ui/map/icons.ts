import { useEffect } from 'react'
import { useMap } from './map-view.tsx'

/** Draws one icon into a square of `size` CSS pixels. */
export interface IconPainter {
  readonly size: number
  readonly paint: (context: CanvasRenderingContext2D) => void
}

/** Icons are painted at this many device pixels a CSS pixel: sharp on every screen. */
const DENSITY = 2

/** Registers painted icons under their names; paints them anew when theme or language (the `version`) changes. */
export function useMapIcons(icons: Readonly<Record<string, IconPainter>>, version: string): void {
  const { map } = useMap()
  useEffect(() => {
    for (const [name, { size, paint }] of Object.entries(icons)) {
      const canvas = document.createElement('canvas')
      canvas.width = size * DENSITY
      canvas.height = size * DENSITY
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!context) continue
      context.scale(DENSITY, DENSITY)
      paint(context)
      const image = context.getImageData(0, 0, canvas.width, canvas.height)
      if (map.hasImage(name)) map.updateImage(name, image)
      else map.addImage(name, image, { pixelRatio: DENSITY })
    }
    // `icons` are functions of `version` alone; painting on each render would stall the map.
  }, [map, version])
}
