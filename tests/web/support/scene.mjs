// A scene is one test of the pages: a stand-in console, a page in a fresh profile, and at the end no request, answer or
// page that broke a rule.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { open_page, start_browser } from './browser.mjs'
import { StandIn } from './stand_in.mjs'

let browser
before(async () => {
  browser = await start_browser()
})
after(() => browser?.close())

// play({ page, go, server }); options are those of a browser context, and `signed_in: false`.
export function scene(sentence, play, { signed_in = true, ...options } = {}) {
  test(sentence, { timeout: 180_000 }, async () => {
    const server = await StandIn.start()
    server.signed_in = signed_in
    const stage = await open_page(browser, server.origin, options)
    try {
      await play({ page: stage.page, go: stage.go, server })
      assert.deepEqual(server.violations, [], 'the page and openapi.yaml disagree')
    } finally {
      await stage.close().finally(() => server.stop())
    }
  })
}

// The visible text of the rows of a table, cell by cell.
export function rows_of(page, label) {
  return page.getByRole('table', { name: label }).locator('tbody tr')
}
