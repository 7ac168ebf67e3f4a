import type { AccessRule } from '../../../foundation/core/access.ts'

/** The library holds rules only; the permissions come with the routes that ask for them. */
export const ACCESS: readonly AccessRule[] = []
