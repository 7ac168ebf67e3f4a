import { isRefused } from './api.ts'
import type { Answering } from './answers.ts'
import type { AssignmentSeen, IncidentSeen, RecommendationSeen, TimelineSeen } from './shapes.ts'

/** The robot thinks as long as a person would who may want to be faster. */
const CONFIRM_SECONDS = 14
const DISPATCH_SECONDS = 6
const RETRY_SECONDS = 30
const CLOSE_SECONDS = 20

/** How the robot ends an incident, by its class; all of them can be said only by someone who was there. */
const DISPOSITION: Readonly<Record<string, { code: string; result: string }>> = {
  '01': { code: 'case-opened', result: '已到场勘查取证，受理立案。' },
  '02': { code: 'resolved', result: '现场已控制，当事人已教育劝离。' },
  '03': { code: 'resolved', result: '现场已勘验，道路恢复通行。' },
  '04': { code: 'mediated', result: '双方经现场调解达成一致。' },
  '05': { code: 'helped', result: '已提供帮助，当事人表示感谢。' },
  '06': { code: 'handed-over', result: '险情已排除，移交主管部门。' },
  '07': { code: 'resolved', result: '人员已疏散，秩序恢复正常。' },
  '08': { code: 'nothing-found', result: '到场核查，未发现违法行为。' },
}
const OTHERWISE = { code: 'resolved', result: '现场处置完毕。' }

export interface Commander {
  /** Looks at the open incidents and plans the next step for each that no person has touched. */
  look(incidents: readonly IncidentSeen[], assignments: readonly AssignmentSeen[]): void
}

/**
 * The duty commander's robot: confirms the proposed level, sends the recommended units, closes when all have cleared.
 * It leaves alone, for good, what any account but its own has touched.
 */
export function openCommander(answering: Answering & { readonly accountId: string }): Commander {
  const { api, diary, accountId, speed } = answering
  const persons = new Set<string>()
  /** Incidents that had a unit on scene: only those can be closed with a result. */
  const attended = new Set<string>()
  /** Incidents that somebody has been sent to and has not left. */
  let handled: ReadonlySet<string> = new Set()
  const later = (seconds: number) => answering.now() + (seconds * 1000) / speed

  async function isOurs(incidentId: string): Promise<boolean> {
    if (persons.has(incidentId)) return false
    const outcome = await api.get<{ timeline: readonly TimelineSeen[] }>(
      `/api/incidents/${incidentId}/timeline`,
    )
    if (isRefused(outcome)) return false
    const touched = outcome.timeline.some(
      (entry) => entry.accountId !== null && entry.accountId !== accountId,
    )
    if (touched) persons.add(incidentId)
    return !touched
  }

  async function confirm({ id, proposal }: IncidentSeen): Promise<void> {
    if (!(await isOurs(id))) return
    await api.post(`/api/incidents/${id}/confirm-level`, { level: proposal!.level })
  }

  /** Sends whom the plan sends; looks again until someone has arrived, since orders can be recalled and units lost. */
  async function dispatch(id: string, attempt: number): Promise<void> {
    if (attended.has(id)) return
    const key = `dispatch ${id} ${attempt + 1}`
    const again = () => diary.plan(key, later(RETRY_SECONDS), () => dispatch(id, attempt + 1))
    if (handled.has(id)) return again()
    if (!(await isOurs(id))) return
    const advice = await api.get<RecommendationSeen>(`/api/incidents/${id}/recommendation`)
    if (isRefused(advice)) return
    // Where everyone is busy the call waits its turn, as it would with people.
    if (advice.handle.length > 0)
      await api.post(`/api/incidents/${id}/dispatch`, { unitIds: advice.handle.map(({ unitId }) => unitId) })
    again()
  }

  async function close({ id, typeCode }: IncidentSeen): Promise<void> {
    if (!(await isOurs(id))) return
    const { code, result } = DISPOSITION[typeCode.slice(0, 2)] ?? OTHERWISE
    await api.post(`/api/incidents/${id}/close`, { dispositionCode: code, result })
  }

  return {
    look(incidents, assignments) {
      for (const { incidentId, arrivedAt } of assignments) if (arrivedAt !== null) attended.add(incidentId)
      // A reserved unit is let go by the closing itself.
      const handling = assignments.filter(({ role }) => role === 'handle')
      handled = new Set(handling.map(({ incidentId }) => incidentId))
      for (const incident of incidents) {
        const { id } = incident
        if (persons.has(id)) continue
        if (incident.level === null && incident.proposal !== null)
          diary.plan(`confirm ${id}`, later(CONFIRM_SECONDS), () => confirm(incident))
        else if (incident.level !== null && !handled.has(id) && attended.has(id))
          diary.plan(`close ${id}`, later(CLOSE_SECONDS), () => close(incident))
        else if (incident.level !== null && !handled.has(id))
          diary.plan(`dispatch ${id} 1`, later(DISPATCH_SECONDS), () => dispatch(id, 1))
      }
      const open = new Set(incidents.map(({ id }) => id))
      for (const memory of [persons, attended]) for (const id of memory) if (!open.has(id)) memory.delete(id)
    },
  }
}
