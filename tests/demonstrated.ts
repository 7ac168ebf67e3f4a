import { inject } from 'vitest'
import { startProduct, type Product } from './browser.ts'
import { copyDatabase, hasDatabase, renameDatabase } from './database.ts'

export interface Demonstrated extends Product {
  /** As the superuser. */
  readonly databaseUrl: string
}

/**
 * The product on the demonstration district, which is made once a run and copied: what a journey does to its district
 * no other sees. A first start from nothing has a journey of its own.
 */
export async function startDemonstrated(): Promise<Demonstrated> {
  const template = `demonstrated_${inject('runId')}`
  if (!(await hasDatabase(template))) {
    const making = await copyDatabase(null)
    const product = await startOn(making.ownerUrl)
    await product.remove()
    await renameDatabase(making.name, template)
  }
  const { ownerUrl, drop } = await copyDatabase(template)
  const product = await startOn(ownerUrl)
  return {
    ...product,
    databaseUrl: ownerUrl,
    async remove() {
      await product.remove()
      await drop()
    },
  }
}

const startOn = (databaseUrl: string): Promise<Product> =>
  startProduct({ args: ['--no-play'], env: { DATABASE_URL: databaseUrl } })
