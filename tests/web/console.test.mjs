// The web console against the real sluice-console: what the stand-in promises, the program keeps.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { open_page, start_browser } from './support/browser.mjs'
import { administrator, ConsoleProgram } from './support/console_program.mjs'
import { Device } from './support/device.mjs'
import { faults, json_schema_of, operations } from './support/openapi.mjs'
import { rows_of } from './support/scene.mjs'
import { content_security_policy } from './support/stand_in.mjs'

let program
let browser
let stage
let device

before(async () => {
  program = await ConsoleProgram.start()
  browser = await start_browser()
  stage = await open_page(browser, program.origin, { ignoreHTTPSErrors: true })
})
after(async () => {
  await browser?.close()
  await program?.stop()
})

async function sign_in(page) {
  await page.getByLabel('E-mail').fill(administrator.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('the page comes with a content security policy without exceptions', async () => {
  const answer = await stage.go('/sign-in')
  assert.equal(answer.headers()['content-security-policy'], content_security_policy)
})

test('an administrator signs in after a wrong password', async () => {
  const { page, go } = stage
  await go('/')
  await page.getByLabel('E-mail').fill(administrator.email)
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await sign_in(page)
  await page.getByText('No device has enrolled yet.').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
})

test('a device that enrols with a token of the page appears without reload', async () => {
  const { page } = stage
  await page.getByRole('button', { name: 'Enrol a device' }).click()
  await page.getByRole('button', { name: 'Create token' }).click()
  const token = await page.locator('pre[aria-label="Enrolment token"]').textContent()
  await page.getByRole('button', { name: 'Done' }).click()
  device = await Device.enrol(program, token, 'ada-laptop')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
})

test('an app that the device reports waits for a decision, and a denial reaches the device', async () => {
  const { page } = stage
  await device.inventory([{ app: 'codex', name: 'Codex', version: '0.92.0', path: '/usr/local/bin/codex', user: 'ada' }])
  await page.getByRole('link', { name: 'Approvals' }).click()
  await page.getByRole('button', { name: 'Deny Codex' }).click()
  const { etag } = await device.policy()
  const newer = device.policy(etag)
  const dialog = page.getByRole('dialog', { name: 'Deny Codex' })
  await dialog.getByLabel('Note').fill('Not reviewed yet')
  await dialog.getByRole('button', { name: 'Deny' }).click()
  const decided = (await newer).apps.find((one) => one.app === 'codex')
  assert.equal(decided.decision, 'denied')
  assert.equal(decided.note, 'Not reviewed yet')
  await rows_of(page, 'Apps').filter({ hasText: 'Codex' }).getByText('Denied').waitFor()
})

test('undo puts the decision back', async () => {
  const { page } = stage
  await page.getByRole('button', { name: 'Undo' }).click()
  await rows_of(page, 'Apps').filter({ hasText: 'Codex' }).getByText('Pending').waitFor()
})

test('a recorded request appears in the logs without reload, and its details hold', async () => {
  const { page } = stage
  await page.getByRole('link', { name: 'Logs' }).click()
  await page.getByText('No request has been recorded yet.').waitFor()
  await device.refuse('req_web_1', 'codex', 'The app Codex is denied')
  const row = rows_of(page, 'Audit rows').first()
  await row.getByText('Denied').waitFor()
  await row.getByText('ada-laptop').waitFor()
  await row.click()
  await page.getByRole('dialog', { name: 'req_web_1' }).getByText('The app Codex is denied').waitFor()
  await page.keyboard.press('Escape')
})

test('a rule from a template finds a code name in the test bench, is saved and switched off', async () => {
  const { page } = stage
  page.setDefaultTimeout(120_000) // rules are compiled, with sanitizers perhaps
  await page.getByRole('link', { name: 'Guardrails' }).click()
  await page.getByRole('button', { name: 'Start from a template' }).click()
  await page.getByRole('button', { name: /Keep code names inside/ }).click()
  const panel = page.getByRole('dialog', { name: 'New rule' })
  await panel.getByLabel('Sample text').fill('Über das Project Heron, bitte')
  await panel.getByRole('button', { name: 'Try' }).click()
  await panel.getByText('Goes on with 1 redaction').waitFor()
  assert.equal(await panel.locator('mark[data-done="redact"]').textContent(), 'Project Heron')
  await panel.getByLabel('The redacted text').getByText(/^Über das \[[^\]]+\], bitte$/).waitFor()
  await panel.getByRole('button', { name: 'Create rule' }).click()
  await panel.waitFor({ state: 'detached' })
  await rows_of(page, 'Guardrail rules').filter({ hasText: 'Keep code names inside' }).waitFor()
  const guardrails = async () => (await device.policy()).guardrails
  assert.equal((await guardrails()).rules[0].enabled, true)
  assert.deepEqual((await guardrails()).word_lists[0].words, ['Project Heron', 'Project Kestrel'])
  const { etag } = await device.policy()
  const newer = device.policy(etag)
  await page.getByRole('switch', { name: 'Keep code names inside is enabled' }).focus()
  await page.keyboard.press('Space')
  assert.equal((await newer).guardrails.rules[0].enabled, false)
  page.setDefaultTimeout(30_000)
})

test('the exported file is what sluice policy test reads, and importing it changes nothing', async () => {
  const { page } = stage
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const exported = await (await download).path()
  const cases = [{ text: 'About Project Heron', expect: 'pass' }] // the rule is switched off
  const file = join(program.folder, 'cases.json')
  writeFileSync(join(program.folder, 'guardrails.json'), readFileSync(exported))
  writeFileSync(file, JSON.stringify({ policy: 'guardrails.json', cases }))
  const said = execFileSync(join(process.env.SLUICE_BIN_DIR, 'sluice'), ['policy', 'test', file], { encoding: 'utf8' })
  assert.match(said, /1 case, 0 differ|1 cases, 0 differ/)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import' }).click()
  await (await chooser).setFiles(join(program.folder, 'guardrails.json'))
  const dialog = page.getByRole('dialog', { name: 'Import guardrails.json' })
  await dialog.getByText('Nothing would change').waitFor({ timeout: 120_000 })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
})

test('a rule that cannot be enforced is refused at its field', async () => {
  const { page } = stage
  await page.getByRole('button', { name: 'Keep code names inside' }).first().click()
  const panel = page.getByRole('dialog', { name: 'Keep code names inside' })
  await panel.getByLabel('Prompts').uncheck()
  await panel.getByLabel('Tool results').uncheck()
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByRole('alert').getByText(/\bon: /).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Logs' }).click()
})

test('every answer to a question fits openapi.yaml', async () => {
  const { page } = stage
  const known = { id: device.id, request_id: 'req_web_1', provider: 'openai', origin: device.id }
  for (const op of operations) {
    if (op.method !== 'GET' || op.id === 'live') continue
    const ids = { get_virtual_key: 'fleet-default', get_guard_rule: 'redact-code-names', get_guard_word_list: 'code-names' }
    const parameters = op.id in ids ? { id: ids[op.id] } : known
    // Nothing of these kinds was made above; the contract tests read them.
    if (/^get_guard_(pattern|topic|allow_list|gitleaks|provider)$/.test(op.id)) continue
    const path = op.template.replace(/\{([^}]+)\}/g, (_, name) => parameters[name])
    const answer = await page.request.get(program.origin + path)
    assert.equal(answer.status(), 200, path)
    const schema = json_schema_of(op, 200)
    if (schema !== undefined) assert.deepEqual(faults(schema, await answer.json(), `GET ${path}`), [])
  }
})

test('an export holds the rows that the filters select', async () => {
  const { page } = stage
  const csv = await page.request.get(`${program.origin}/api/logs?app=codex&format=csv`)
  assert.match(csv.headers()['content-disposition'], /^attachment/)
  const [head, row, ...others] = (await csv.text()).trimEnd().split('\r\n')
  assert.match(head, /^time,request_id,.*tokens\.input/)
  assert.match(row, /,req_web_1,/)
  assert.deepEqual(others, [])
  const json = await page.request.get(`${program.origin}/api/logs?app=codex&format=json`)
  assert.equal(JSON.parse(await json.text()).request_id, 'req_web_1')
  const none = await page.request.get(`${program.origin}/api/logs?app=opencode&format=json`)
  assert.equal(await none.text(), '')
})

test('what is wrong with a request is told with its field', async () => {
  const { page } = stage
  const headers = { 'x-sluice-csrf': '1', origin: program.origin }
  const put = (path, data) => page.request.put(program.origin + path, { headers, data })
  const cases = [
    [await put('/api/catalog/apps/codex/decision', { decision: 'maybe' }), 400, 'decision'],
    [await put('/api/catalog/apps/codex/decision', { decision: 'denied', color: 'red' }), 400, 'color'],
    [await put('/api/governance/virtual-keys/k', { budget: { max_limit: 1 } }), 501, 'budget'],
    [await page.request.get(`${program.origin}/api/logs?limit=1000`), 400, 'limit'],
    [await page.request.get(`${program.origin}/api/logs?colour=red`), 400, 'colour'],
    [await page.request.get(`${program.origin}/api/devices?cursor=made-up`), 400, 'cursor'],
  ]
  for (const [answer, status, field] of cases) {
    const { error } = await answer.json()
    assert.deepEqual([answer.status(), error?.field], [status, field], answer.url())
  }
})

test('a change by session without the header against forgery, or from elsewhere, is refused', async () => {
  const { page } = stage
  const data = { decision: 'approved' }
  const url = `${program.origin}/api/catalog/apps/codex/decision`
  for (const headers of [{ origin: program.origin }, { 'x-sluice-csrf': '1', origin: 'https://evil.example' }]) {
    const answer = await page.request.put(url, { headers, data })
    assert.equal(answer.status(), 403)
  }
})

test('when the console restarts the page says so and recovers with its session', async () => {
  const { page } = stage
  await program.end()
  await page.getByText('Connection to the console lost.').waitFor()
  await program.serve()
  await page.getByText('Live', { exact: true }).waitFor()
  await device.refuse('req_web_2', 'codex', 'The app Codex is denied')
  await rows_of(page, 'Audit rows').nth(1).waitFor()
})

test('nothing in the pages broke a rule', () => stage.close())
