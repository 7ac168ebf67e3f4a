/** A value that carries its meaning in its type: a `UnitId` is never taken for an `IncidentId`. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name }
