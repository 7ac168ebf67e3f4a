import { useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'

/** The server's time as well as this machine knows it. */
export function serverNow(): number {
  return Date.now() + api.clockOffset.get()
}

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null
let current = 0

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === null) {
    current = serverNow()
    timer = setInterval(() => {
      current = serverNow()
      for (const each of [...listeners]) each()
    }, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

/** The time, ticking once a second for the whole page by one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () =>
    timer === null ? (current = Math.floor(serverNow() / 1000) * 1000) : current,
  )
}
