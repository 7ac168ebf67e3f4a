/** A call that is about to be made. */
export interface Asked {
  readonly path: string
  readonly body?: unknown
  readonly version?: number | string
  /** Where the body is a file. */
  readonly contentType?: string
}

export type Command = readonly [route: string, ask: () => Promise<Asked> | Asked]
