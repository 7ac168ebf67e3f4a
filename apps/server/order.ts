/** The rooms in the order that data walks through them (ARCHITECTURE.md, ORDER). Migrations run in it. */
export const ORDER = [
  'place',
  'force',
  'roster',
  'location',
  'board',
  'incident',
  'dispatch',
  'analysis',
  'patrol',
  'inspection',
  'encounter',
  'casework',
  'day',
  'supervision',
  'whatif',
] as const
