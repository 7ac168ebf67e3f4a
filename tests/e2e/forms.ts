import type { Locator, Page } from 'playwright-core'

/** Chooses from a list that opens under a field, by what is written on the choice; types it where that can be done. */
export async function pick(page: Page, field: Locator, choice: string | RegExp): Promise<void> {
  await field.click()
  if (typeof choice === 'string' && (await field.isEditable())) await field.fill(choice)
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')
    .locator('.ant-select-item-option, .ant-select-tree-node-content-wrapper')
    .filter({ hasText: choice })
    .first()
    .click()
}

/** Antd puts a space between two Chinese characters on a button. */
export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name: new RegExp(`^${[...name].join('\\s?')}$`) })

/** Presses save in a dialog, which closes when it is done. What was refused stands in the error. */
export async function save(dialog: Locator): Promise<void> {
  await button(dialog, '保存').click()
  await dialog.waitFor({ state: 'hidden' }).catch(async (fault: unknown) => {
    throw new Error(`not saved:\n${await dialog.innerText()}`, { cause: fault })
  })
}

/** Presses save on a page that stays, and gives the status of the server's answer. */
export async function put(within: Page | Locator, page: Page): Promise<number> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'PUT'),
    button(within, '保存').click(),
  ])
  return answer.status()
}
