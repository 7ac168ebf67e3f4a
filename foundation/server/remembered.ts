import { afterCommit, begunOn, type Db, type Tx } from './db.ts'

/**
 * Configuration that every command and every row of a flow reads and hardly anybody changes. What one process changes
 * it sees at once; what another has changed, within a second.
 */
const KEPT_MILLISECONDS = 1_000

interface Memory {
  readonly kept: Map<string, { readonly value: unknown; readonly at: number }>
  /** Of each key, how often it was changed: a reading that began before a change is not kept after it. */
  readonly changes: Map<string, number>
}

const memories = new WeakMap<Db, Memory>()
/** The keys that a transaction has changed and not committed: its own readings go to the database. */
const changedBy = new WeakMap<object, Set<string>>()

function memoryOf(db: Db): Memory {
  const memory = memories.get(db) ?? { kept: new Map(), changes: new Map() }
  memories.set(db, memory)
  return memory
}

/** What `read` gives, remembered under `key` for transactions; outside of one it is always read. */
export async function remembered<T>(db: Db | Tx, key: string, read: () => Promise<T>): Promise<T> {
  const origin = begunOn(db)
  if (!origin || changedBy.get(db)?.has(key)) return read()
  const { kept, changes } = memoryOf(origin)
  const found = kept.get(key)
  if (found && performance.now() - found.at < KEPT_MILLISECONDS) return found.value as T
  const [before, at] = [changes.get(key), performance.now()]
  const value = await read()
  if (changes.get(key) === before) kept.set(key, { value, at })
  return value
}

/** To be called by whoever changes what is remembered under `key`, in the transaction that changes it. */
export function forget(tx: Db | Tx, key: string): void {
  const origin = begunOn(tx)
  if (!origin) return
  const changed = changedBy.get(tx) ?? new Set()
  changedBy.set(tx, changed.add(key))
  afterCommit(tx, () => {
    const { kept, changes } = memoryOf(origin)
    changes.set(key, (changes.get(key) ?? 0) + 1)
    kept.delete(key)
  })
}
