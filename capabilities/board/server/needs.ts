import type { Instant } from '../../../foundation/core/instant.ts'
import type { Refusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import type {
  ForceBoard,
  OfficerId,
  OfficerPerson,
  Post,
  StatusSource,
  UnitId,
  UnitStatus,
} from '../../force/core/index.ts'
import type { RosteredNow } from '../../roster/core/index.ts'

/** What the board needs of the other rooms; apps/server wires it. */
export interface BoardNeeds {
  /** force/server/store.ts `readForceBoard` */
  readForce(db: Db | Tx, at: Instant): Promise<ForceBoard>
  /** force/server/store.ts `listOfficerPersons` */
  listPersons(db: Db | Tx, scope: ReadonlySet<string> | null): Promise<readonly OfficerPerson[]>
  /** force/server/store.ts `lockSubjects`: these units and officers change by nobody else until the transaction ends. */
  lockSubjects(
    tx: Tx,
    subjects: { readonly unitIds: readonly UnitId[]; readonly officerIds: readonly OfficerId[] },
  ): Promise<void>
  /** force/server/commands.ts `changeUnitStatus` */
  changeUnitStatus(
    tx: Tx,
    actor: ActorContext,
    command: { unitId: UnitId; status: UnitStatus; source: StatusSource; cause: string },
  ): Promise<unknown | Refusal>
  /** force/server/commands.ts `changePost` */
  changePost(
    tx: Tx,
    actor: ActorContext,
    command: { officerId: OfficerId; post: Post; cause: string },
    isOut: (status: UnitStatus) => boolean,
  ): Promise<boolean | Refusal>
  /** Units with an order to an incident, from dispatch. */
  listCommittedUnits(db: Db | Tx): Promise<ReadonlySet<string>>
  /** What the published roster has each officer do at a moment; empty where none holds. */
  readRostered(db: Db | Tx, at: Instant): Promise<RosteredNow>
  /** When each unit was last heard of, by unit id, from the live board of location. */
  listContacts(): Promise<ReadonlyMap<string, Instant>>
}
