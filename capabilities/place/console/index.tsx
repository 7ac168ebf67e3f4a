/** What other screens may use of places. */
export * from './areas-layer.tsx'
export * from './place-api.ts'
export * from './place-input.tsx'
