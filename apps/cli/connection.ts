import { join, resolve } from 'node:path'
import { openDatabase, type Database } from '../../foundation/server/db.ts'
import { APP_ROLE, migrate, projectRoot } from '../../foundation/server/migrate.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import { ORDER } from '../server/order.ts'

/** Opens the database of the platform for a command, beside a server that may be running, and closes it after. */
export async function withDatabase<T>(
  dataFolder: string | undefined,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const databaseUrl = process.env['DATABASE_URL']
  const launched = await launchDatabase({
    dataFolder: resolve(dataFolder ?? join(projectRoot(), 'data')),
    use: 'tool',
    tell: (chinese, english) => console.error(`${chinese} / ${english}`),
    ...(databaseUrl ? { databaseUrl } : {}),
  })
  try {
    await migrate(launched.ownerUrl, ORDER)
    const database = openDatabase(
      launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
    )
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  } finally {
    await launched.stop()
  }
}
