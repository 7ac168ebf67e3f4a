import type { AddLayerObject, Map as MapLibre } from 'maplibre-gl'

/** What lies over what, bottom first. */
export type Level = 'coverage' | 'areas' | 'tracks' | 'key-places' | 'incidents' | 'units' | 'selection'
const LEVELS: readonly Level[] = [
  'coverage',
  'areas',
  'tracks',
  'key-places',
  'incidents',
  'units',
  'selection',
]

/** Keeps the layers of a map in the order of their levels, whichever of them arrives first. */
export class LayerStack {
  readonly #map: MapLibre
  readonly #levels = new Map<string, Level>()

  constructor(map: MapLibre) {
    this.#map = map
  }

  add(layer: AddLayerObject, level: Level): void {
    const above = LEVELS.slice(LEVELS.indexOf(level) + 1)
    const order = this.#map.getStyle().layers.map(({ id }) => id)
    const before = order.find((id) => {
      const its = this.#levels.get(id)
      return its !== undefined && above.includes(its)
    })
    this.#levels.set(layer.id, level)
    this.#map.addLayer(layer, before)
  }

  remove(id: string): void {
    this.#levels.delete(id)
    if (this.#map.getLayer(id)) this.#map.removeLayer(id)
  }
}
