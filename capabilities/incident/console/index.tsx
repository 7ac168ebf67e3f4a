/** What other screens may use of the incidents'. */
export * from './incident-api.ts'
export * from './incident-list.tsx'
export * from './incidents-layer.tsx'
export * from './level-mark.tsx'
