/** What other screens may use of positions. */
export * from './freshness.ts'
export * from './key-place-alarms.tsx'
export * from './key-places-layer.tsx'
export * from './location-api.ts'
export * from './units-layer.tsx'
