import type { Locator, Page } from 'playwright-core'

/** Nothing is being read any more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('main').waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => document.querySelector('.state-loading, .page-loading') === null)
}

const CONTROL =
  /^\s*- (button|link|textbox|searchbox|combobox|checkbox|radio|switch|slider|spinbutton|tab|menuitem|region|dialog)(?![\w-]| ")/

/** Controls and regions of the accessibility tree that have no name. */
export async function nameless(within: Locator): Promise<readonly string[]> {
  const tree = await within.ariaSnapshot()
  return tree.split('\n').filter((line) => CONTROL.test(line))
}

/** How many pixels the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

/** Keys shown where their text should be: a key that has none stands for itself. What machines write is set apart as code. */
export const textless = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found = new Set<string>()
    const look = (text: string | null) => {
      for (const word of (text ?? '').split(/[\s（），、：·:/]+/))
        if (/^[a-z][a-z0-9-]*(\.[a-zA-Z0-9-]+)+$|\{\{|\$t\(/.test(word)) found.add(word)
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode())
      if (!node.parentElement?.closest('code, pre, .mono, script, style')) look(node.textContent)
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      for (const element of document.querySelectorAll(`[${name}]`)) look(element.getAttribute(name))
    return [...found]
  })
