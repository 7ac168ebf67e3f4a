import { cellOf, latticeOver } from './lattice.ts'
import type { EventStream, PlaceTable } from './memory.ts'

export interface HoursOfDay {
  /** Writes, of what a place expects in the hours [fromHour, untilHour) of a day, the share that falls into each. */
  sharesOf(place: number, fromHour: number, untilHour: number, into: Float64Array): void
}

/**
 * At which hours of the day events happen at a place: those of its cell, and `fromEverywhere` events as they are
 * everywhere. Learns from [fromDay, untilDay), from events whose hour is known; one event in each hour beforehand.
 */
export function learnHoursOfDay(
  stream: EventStream & { readonly hasHour: Uint8Array },
  places: PlaceTable,
  shape: { readonly cellMetres: number; readonly fromEverywhere: number },
  fromDay: number,
  untilDay: number,
): HoursOfDay {
  const { fromEverywhere } = shape
  const lattice = latticeOver(places.east, places.north, shape.cellMetres, 0)
  const numberOf = new Map<number, number>()
  const cell = Int32Array.from(places.east, (east, p) => {
    const key = cellOf(lattice, east, places.north[p]!)
    let number = numberOf.get(key)
    if (number === undefined) numberOf.set(key, (number = numberOf.size))
    return number
  })
  const counts = new Uint32Array(numberOf.size * 24)
  const everywhere = new Float64Array(24).fill(1)
  for (let e = 0; e < stream.day.length && stream.day[e]! < untilDay; e++) {
    const day = stream.day[e]!
    if (day < fromDay || stream.isCounted[e] !== 1 || stream.hasHour[e] !== 1) continue
    const hour = Math.min(23, Math.floor((day - Math.floor(day)) * 24 + 1e-6))
    counts[cell[stream.place[e]!]! * 24 + hour]!++
    everywhere[hour]!++
  }
  return {
    sharesOf(place, fromHour, untilHour, into) {
      const at = cell[place]! * 24
      let own = 0
      let all = 0
      for (let hour = fromHour; hour < untilHour; hour++) {
        own += counts[at + (hour % 24)]!
        all += everywhere[hour % 24]!
      }
      for (let n = 0; n < untilHour - fromHour; n++) {
        const hour = (fromHour + n) % 24
        into[n] = (counts[at + hour]! + (fromEverywhere * everywhere[hour]!) / all) / (own + fromEverywhere)
      }
    },
  }
}
