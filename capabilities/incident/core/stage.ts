/** Stages of a response in their order (快速响应、警力增援、现场处突、疏导劝解). `closed` comes only by closing with a result. */
export const OPEN_STAGES = ['response', 'reinforcement', 'handling', 'mediation'] as const
export type OpenStage = (typeof OPEN_STAGES)[number]
export type Stage = OpenStage | 'closed'

interface StageMove {
  readonly id: string
  readonly from: OpenStage
  readonly to: OpenStage
  /** Going back says why: the situation has turned again. */
  readonly needsReason: boolean
}

/** Every allowed step. What is not in the table is refused. */
export const STAGE_MOVES: readonly StageMove[] = [
  { id: 'call-reinforcement', from: 'response', to: 'reinforcement', needsReason: false },
  { id: 'begin-handling', from: 'response', to: 'handling', needsReason: false },
  { id: 'reinforced', from: 'reinforcement', to: 'handling', needsReason: false },
  { id: 'call-more', from: 'handling', to: 'reinforcement', needsReason: true },
  { id: 'begin-mediation', from: 'handling', to: 'mediation', needsReason: false },
  { id: 'flared-up', from: 'mediation', to: 'handling', needsReason: true },
  { id: 'flared-up-badly', from: 'mediation', to: 'reinforcement', needsReason: true },
]

export function findStageMove(from: OpenStage, to: OpenStage): StageMove | undefined {
  return STAGE_MOVES.find((move) => move.from === from && move.to === to)
}
