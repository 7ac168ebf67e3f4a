import WebSocket from 'ws'
import type { Api } from './api.ts'
import type {
  ActivationSeen,
  AssignmentSeen,
  IncidentSeen,
  KeyPlaceSeen,
  PatrolOrderSeen,
  UnitSeen,
} from './shapes.ts'
import { demand } from './world.ts'

/**
 * What the command room shows, kept up to date from the live stream as any board does: a full picture at first and
 * whenever the stream asks to reload, and every event on top of it.
 */
export interface Eyes {
  readonly units: ReadonlyMap<string, UnitSeen>
  /** Those that run. */
  readonly assignments: ReadonlyMap<string, AssignmentSeen>
  /** Those that are open. */
  readonly incidents: ReadonlyMap<string, IncidentSeen>
  activation(): ActivationSeen | null
  keyPlaces(): readonly KeyPlaceSeen[]
  /** Directed patrol orders in force. */
  patrolOrders(): readonly PatrolOrderSeen[]
  /** The place in the stream up to which events have been seen. */
  seq(): number
  /** Fetches what events only hint at. Throws while the server cannot be reached. */
  refresh(): Promise<void>
  close(): void
}

interface LiveEvent {
  readonly t: string
  readonly seq: number
  readonly topic: string
  readonly subjectId: string
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
}

const RECONNECT_MILLISECONDS = 1_000

export function openEyes(api: Api, baseUrl: string, token: string): Eyes {
  const units = new Map<string, UnitSeen>()
  const assignments = new Map<string, AssignmentSeen>()
  const incidents = new Map<string, IncidentSeen>()
  let activation: ActivationSeen | null = null
  let keyPlaces: readonly KeyPlaceSeen[] = []
  let patrolOrders: readonly PatrolOrderSeen[] = []
  const stale = { everything: true, units: false, activation: false, keyPlaces: false, patrolOrders: false }
  let seq = 0
  let isClosed = false
  let socket = connect()

  function connect(): WebSocket {
    const url = new URL('/api/live', baseUrl)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const opened = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
    opened.on('message', (raw) => hear(JSON.parse(String(raw)) as LiveEvent))
    // Positions are for those who draw them; ours we know.
    opened.on('open', () =>
      opened.send(JSON.stringify({ t: 'viewport', west: 0, south: 0, east: 0, north: 0 })),
    )
    opened.on('error', () => {})
    opened.on('close', () => {
      if (isClosed) return
      setTimeout(() => {
        if (!isClosed) socket = connect()
      }, RECONNECT_MILLISECONDS)
    })
    return opened
  }

  function hear(message: LiveEvent): void {
    if (message.t === 'hello' || message.t === 'reload') stale.everything = true
    if (message.t === 'event') take(message)
    if (Number.isFinite(message.seq)) seq = Math.max(seq, message.seq)
  }

  function take({ topic, subjectId, at, data }: LiveEvent): void {
    if (topic === 'unit.status-changed') {
      const unit = units.get(subjectId)
      if (unit) units.set(subjectId, { ...unit, status: String(data['to']) })
    } else if (topic.startsWith('unit.')) stale.units = true
    else if (topic.startsWith('assignment.')) takeAssignment(subjectId, at, data)
    else if (topic.startsWith('incident.')) takeIncident(subjectId, at, data)
    else if (topic.startsWith('activation.')) stale.activation = true
    else if (topic.startsWith('key-place.')) stale.keyPlaces = true
    else if (topic.startsWith('patrol-order.')) stale.patrolOrders = true
  }

  function takeAssignment(id: string, at: string, data: LiveEvent['data']): void {
    const known = assignments.get(id)
    const { incidentId, unitId, role, state, version } = data as unknown as AssignmentSeen
    if (known && known.version >= version) return
    if (state === 'cleared' || state === 'released') assignments.delete(id)
    else
      assignments.set(id, {
        id,
        incidentId,
        unitId,
        role,
        state,
        version,
        arrivedAt: state === 'on-scene' ? (known?.arrivedAt ?? at) : null,
      })
  }

  function takeIncident(id: string, at: string, data: LiveEvent['data']): void {
    const known = incidents.get(id)
    const { typeCode, position, level, status, version } = data as unknown as IncidentSeen
    if (known && known.version > version) return
    const proposed = data['proposedLevel']
    if (status !== 'open') incidents.delete(id)
    else
      incidents.set(id, {
        id,
        typeCode,
        position,
        level,
        status,
        version,
        openedAt: known?.openedAt ?? at,
        proposal: typeof proposed === 'string' ? { level: proposed } : null,
      })
  }

  async function seeEverything(): Promise<void> {
    stale.everything = false
    try {
      await seeUnits()
      const running = await demand(
        api.get<{ assignments: readonly AssignmentSeen[] }>('/api/assignments?open=true'),
      )
      assignments.clear()
      for (const assignment of running.assignments) assignments.set(assignment.id, assignment)
      const open = await demand(
        api.get<{ incidents: readonly IncidentSeen[] }>('/api/incidents?status=open&limit=500'),
      )
      incidents.clear()
      for (const incident of open.incidents) incidents.set(incident.id, incident)
      await seeActivation()
      await seeKeyPlaces()
      await seePatrolOrders()
    } catch (fault) {
      stale.everything = true
      throw fault
    }
  }

  async function seeUnits(): Promise<void> {
    stale.units = false
    const seen = await demand(api.get<{ units: readonly UnitSeen[] }>('/api/units'))
    units.clear()
    for (const unit of seen.units) units.set(unit.id, unit)
  }

  async function seeActivation(): Promise<void> {
    stale.activation = false
    const seen = await demand(api.get<{ activation: ActivationSeen | null }>('/api/activations/open'))
    activation = seen.activation
  }

  async function seeKeyPlaces(): Promise<void> {
    stale.keyPlaces = false
    const seen = await demand(api.get<{ states: readonly KeyPlaceSeen[] }>('/api/key-place-states'))
    keyPlaces = seen.states
  }

  async function seePatrolOrders(): Promise<void> {
    stale.patrolOrders = false
    const seen = await demand(
      api.get<{ orders: readonly PatrolOrderSeen[] }>('/api/patrol-orders?state=issued&limit=500'),
    )
    patrolOrders = seen.orders
  }

  return {
    units,
    assignments,
    incidents,
    activation: () => activation,
    keyPlaces: () => keyPlaces,
    patrolOrders: () => patrolOrders,
    seq: () => seq,
    async refresh() {
      if (stale.everything) return seeEverything()
      if (stale.units) await seeUnits()
      if (stale.activation) await seeActivation()
      if (stale.keyPlaces) await seeKeyPlaces()
      if (stale.patrolOrders) await seePatrolOrders()
    },
    close() {
      isClosed = true
      socket.close()
    },
  }
}
