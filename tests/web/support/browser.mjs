// Debian's Chromium with a fresh profile, and a page that fails its test when it breaks a rule of the console: an error in
// the page, a violation of the content security policy, a request to anywhere else.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { axe_file, chromium } from './modules.mjs'

const program = process.env.SLUICE_CHROMIUM ?? '/usr/bin/chromium'
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function start_browser() {
  return chromium.launch({ executablePath: program, headless: true, args: switches })
}

const axe = readFileSync(axe_file, 'utf8')

export async function open_page(browser, origin, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const faults = []
  page.on('pageerror', (error) => faults.push(`error in the page: ${error.message}`))
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('blob:')) faults.push(`request to ${url}`)
  })
  return {
    page,
    go: (path) => page.goto(origin + path),
    // Ends the page and fails when it broke a rule.
    close: async () => {
      await context.close()
      assert.deepEqual(faults, [])
    },
  }
}

// Fails with every accessibility rule that the page breaks and the elements that break it.
export async function assert_accessible(page, what) {
  await page.evaluate(axe)
  const result = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }))
  const broken = result.violations.map(
    (rule) => `${rule.id}: ${rule.help}\n${rule.nodes.map((node) => `    ${node.target.join(' ')}  ${node.html.slice(0, 160)}\n      ${node.failureSummary}`).join('\n')}`,
  )
  assert.equal(broken.length, 0, `${what} is not accessible:\n${broken.join('\n')}`)
}
