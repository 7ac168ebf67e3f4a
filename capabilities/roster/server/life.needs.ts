import type { RosterNeeds } from './needs.ts'

/** What the life of a published roster needs of the other rooms; apps/server wires it. */
export interface LifeNeeds extends RosterNeeds {
  /** What a text says of a person that is not to be recorded: ethnicity, religion, politics, health. Empty: nothing. */
  sensitiveTopics(text: string): readonly string[]
}
