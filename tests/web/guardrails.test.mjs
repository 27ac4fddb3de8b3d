import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { example } from './support/openapi.mjs'
import { rows_of, scene } from './support/scene.mjs'

const rules = (page) => rows_of(page, 'Guardrail rules')

scene('a rule from a template is tried before it is saved, and brings its word list along', async ({ page, go, server }) => {
  const empty = { items: [], next_cursor: null }
  server.answer('list_guard_rules', empty)
  server.answer('list_guard_word_lists', empty)
  await go('/guardrails')
  await page.getByText('There is no guardrail yet.').waitFor()
  await page.getByRole('button', { name: 'Start from a template' }).click()
  await page.getByRole('button', { name: /Keep code names inside/ }).click()
  const panel = page.getByRole('dialog', { name: 'New rule' })
  assert.equal(await panel.getByRole('textbox', { name: 'Name' }).inputValue(), 'Keep code names inside')
  await panel.getByText('Word list code-names').waitFor()

  await panel.getByLabel('Sample text').fill('My address is ada@example.com')
  await panel.getByRole('button', { name: 'Try' }).click()
  await panel.getByLabel('The redacted text').getByText('My address is [EMAIL]').waitFor()
  assert.equal(await panel.locator('mark[data-done="redact"]').textContent(), 'ada@example.com')
  const tried = server.changes.at(-1)
  assert.equal(tried.id, 'test_guardrails')
  assert.equal(tried.body.rule.id, 'redact-code-names')
  assert.deepEqual(tried.body.parts.word_lists, [{ id: 'code-names', words: ['Project Heron'] }])

  const message = 'A value is not allowed: parts.word_lists[0].words[0]: must not be empty'
  server.fail('put_guard_rule', 400, { code: 'invalid_argument', message, field: 'parts.word_lists[0].words[0]' })
  await panel.getByRole('button', { name: 'Create rule' }).click()
  await panel.getByText('must not be empty', { exact: true }).waitFor()
  server.answer('put_guard_rule', () => ({ status: 201, body: example('put_guard_rule', 201) }))
  await panel.getByRole('button', { name: 'Create rule' }).click()
  await panel.waitFor({ state: 'detached' })
  assert.deepEqual([...new Set(server.changes.map((one) => one.id))], ['test_guardrails', 'put_guard_rule'])
  const rule = server.changes.at(-1)
  assert.deepEqual(rule.body.parts.word_lists, [{ id: 'code-names', words: ['Project Heron'] }])
  assert.equal(rule.path, '/api/guardrails/rules/redact-code-names')
  assert.deepEqual(rule.body.detectors, [{ kind: 'custom', names: ['code-names'] }])
  assert.equal(rule.body.redaction, 'hash')
})

scene('a list that is there already is not replaced by a template', async ({ page, go, server }) => {
  await go('/guardrails?tab=word-lists')
  await page.getByRole('button', { name: 'code-names' }).waitFor()
  await page.getByRole('link', { name: 'Rules', exact: true }).click()
  await page.getByRole('button', { name: 'New rule' }).click()
  await page.getByRole('button', { name: /Keep code names inside/ }).click()
  const panel = page.getByRole('dialog', { name: 'New rule' })
  server.answer('put_guard_rule', () => ({ status: 201, body: example('put_guard_rule', 201) }))
  await panel.getByRole('button', { name: 'Create rule' }).click()
  await panel.waitFor({ state: 'detached' })
  assert.deepEqual(
    server.changes.map((one) => one.id),
    ['put_guard_rule'],
  )
})

scene('a rule is switched off and moved from its row, and a refusal is told', async ({ page, go, server }) => {
  const list = example('list_guard_rules')
  server.answer('list_guard_rules', () => list)
  server.answer('put_guard_rule', ({ body }) => Object.assign(list.items[0], body))
  await go('/guardrails')
  await rules(page).nth(1).waitFor()
  await page.getByRole('switch', { name: 'Redact credentials is enabled' }).focus()
  const put = server.next('PUT /api/guardrails/rules/redact-secrets')
  await page.keyboard.press('Space')
  await put
  await page.getByRole('switch', { name: 'Redact credentials is enabled', checked: false }).waitFor({ state: 'attached' })
  assert.deepEqual(server.changes.at(-1), {
    id: 'put_guard_rule',
    path: '/api/guardrails/rules/redact-secrets',
    query: '',
    body: { enabled: false },
  })
  const moved = server.next('PUT /api/guardrails/rules/block-payment-data')
  server.fail('put_guard_rule', 503, { code: 'overloaded', message: 'Guardrails are being checked for somebody else' })
  await page.getByRole('button', { name: 'Move Block payment data up' }).click()
  await moved
  await page.getByRole('alert').getByText('Guardrails are being checked for somebody else').waitFor()
})

scene('the form covers every field of a rule and shows what the console refuses at its field', async ({ page, go, server }) => {
  await go('/guardrails?rule=block-payment-data')
  server.answer('get_guard_rule', undefined)
  const panel = page.getByRole('dialog')
  await panel.getByLabel('Answers').check()
  await panel.getByRole('button', { name: 'Add detector' }).click()
  await panel.getByText('Block', { exact: true }).click()
  await panel.getByLabel('Message').fill('Ask the help desk.')
  const message = 'A value is not allowed: detectors[0]: injection cannot block on output, which may be a stream'
  server.fail('put_guard_rule', 400, { code: 'invalid_argument', message, field: 'detectors[0]' })
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByRole('alert').getByText(message).waitFor()
  const body = server.changes.at(-1).body
  assert.deepEqual(Object.keys(body).sort(), [
    'action', 'allow', 'detectors', 'enabled', 'id', 'message', 'name', 'on', 'on_failure', 'over_cap', 'redaction',
    'scope', 'stream_cap_bytes',
  ]) // prettier-ignore
  assert.equal(body.action, 'block')
  assert.ok(body.on.includes('output'))
  assert.deepEqual(body.detectors.at(-1), { kind: 'pii' })
})

scene('names of a scope that nothing has are told at the rule and at their field', async ({ page, go, server }) => {
  await go('/guardrails')
  const message = 'No virtual key belongs to the team platform'
  await rules(page).nth(1).getByRole('img', { name: `Warning: ${message}` }).waitFor()
  assert.equal(await rules(page).first().getByRole('img').count(), 0)
  server.answer('get_guard_rule', example('list_guard_rules').items[1])
  await page.getByRole('button', { name: 'Block payment data' }).first().click()
  const panel = page.getByRole('dialog')
  const teams = panel.getByRole('combobox', { name: 'Teams' })
  await panel.getByText(message).waitFor()
  assert.match(await teams.evaluate((field) => field.getAttribute('aria-describedby')), /description/)
  await teams.focus()
  await page.keyboard.press('Backspace')
  await panel.getByText(message).waitFor({ state: 'detached' })
})

for (const width of [1280, 400])
  scene(`what a rule can be done with is in sight at a width of ${width}`, async ({ page, go }) => {
    const inside = async (locator) => {
      const box = await locator.boundingBox()
      assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= 800, JSON.stringify(box))
    }
    await go('/guardrails')
    await rules(page).first().waitFor()
    for (const name of ['Export', 'Import', 'New rule']) await inside(page.getByRole('button', { name }))
    if (width === 1280) await inside(page.getByRole('button', { name: 'Move Block payment data up' }))
    await page.getByRole('button', { name: 'Redact credentials' }).first().click()
    await page.getByRole('dialog').getByText('When it cannot be told').waitFor()
    await inside(page.getByRole('button', { name: 'Save' }))
  }, { viewport: { width, height: 800 } }) // prettier-ignore

scene('a rule is deleted after a question', async ({ page, go, server }) => {
  await go('/guardrails')
  await page.getByRole('button', { name: 'Redact credentials' }).first().click()
  await page.getByRole('button', { name: 'Delete rule…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete Redact credentials' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(server.changes.at(-1).id, 'delete_guard_rule')
})

scene('the test bench says what would happen and what was not asked', async ({ page, go, server }) => {
  await go('/guardrails?tab=test')
  await page.getByLabel('Sample text').fill('My address is ada@example.com')
  await page.getByLabel('Team').fill('platform')
  await page.getByRole('button', { name: 'Try' }).click()
  const result = page.getByRole('region', { name: 'Result' })
  await result.getByText('Goes on with 1 redaction').waitFor()
  await result.getByText('external checks are asked by gateways only').waitFor()
  assert.deepEqual(server.changes.at(-1).body, {
    text: 'My address is ada@example.com',
    surface: 'input',
    subject: { team: 'platform' },
  })
  server.fail('test_guardrails', 400, { code: 'invalid_argument', message: 'A value is not allowed', field: 'text' })
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByRole('alert').getByText('A value is not allowed (text)').waitFor()
})

scene('the test bench has a text to begin with', async ({ page, go, server }) => {
  await go('/guardrails?tab=test')
  await page.getByRole('button', { name: 'Fill in an example' }).click()
  await page.getByRole('button', { name: 'Fill in an example' }).waitFor({ state: 'detached' })
  const text = page.getByLabel('Sample text')
  assert.equal(await text.evaluate((field) => field.matches(':focus')), true)
  assert.match(await text.inputValue(), /ada@example\.com.*DATADOG_API_KEY=[0-9a-f]{32}/)
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByRole('region', { name: 'Result' }).waitFor()
  assert.equal(server.changes.at(-1).body.text, await text.inputValue())
})

scene('what is used cannot be deleted, and the dialog names who uses it', async ({ page, go, server }) => {
  const message = 'The current state does not allow this: the word list code-names is used by rule redact-code-names'
  server.fail('delete_guard_word_list', 409, { code: 'conflict', message })
  await go('/guardrails?tab=word-lists')
  await page.getByRole('button', { name: 'code-names' }).click()
  const dialog = page.getByRole('dialog', { name: 'Word list code-names' })
  await dialog.getByLabel('Words', { exact: true }).fill('Project Heron\n\n Project Kestrel ')
  await dialog.getByRole('button', { name: 'Delete word list' }).click()
  await dialog.getByRole('alert').getByText(message).waitFor()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1).body, {
    words: ['Project Heron', 'Project Kestrel'],
    caseless: true,
    whole_words: true,
  })
})

scene('the credential of an external check is sent only when one was typed', async ({ page, go, server }) => {
  await go('/guardrails?tab=providers')
  await page.getByRole('button', { name: 'own-check' }).click()
  const dialog = page.getByRole('dialog', { name: 'External check own-check' })
  await dialog.getByRole('combobox', { name: 'offsets' }).click()
  await page.getByRole('option', { name: 'bytes' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1).body, {
    kind: 'webhook',
    url: 'https://check.example.com/v1',
    options: { offsets: 'bytes' },
    timeout_ms: 2000,
    calls_per_minute: 6000,
    breaker_failures: 5,
    breaker_open_seconds: 30,
  })
})

const choose_file = async (page, text) => {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import' }).click()
  await (await chooser).setFiles({ name: 'guardrails.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  return page.getByRole('dialog', { name: 'Import guardrails.json' })
}

scene('the guardrails are exported as a file that can be read', async ({ page, go }) => {
  await go('/guardrails')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const file = await download
  assert.equal(file.suggestedFilename(), 'guardrails.json')
  const text = await readFile(await file.path(), 'utf8')
  assert.deepEqual(JSON.parse(text), example('export_guardrails'))
  assert.ok(text.includes('\n  "rules": ['), 'in lines, for people and their version control')
})

scene('a file is imported after a look at what it changes', async ({ page, go, server }) => {
  await go('/guardrails')
  const wanted = { rules: [], word_lists: [{ id: 'code-names', words: ['Project Heron'] }] }
  const dialog = await choose_file(page, JSON.stringify(wanted))
  await dialog.getByText('1 added, 1 changed, 1 removed').waitFor()
  await dialog.getByText('removed rule redact-secrets').waitFor()
  await dialog.getByText('There is no virtual key ci-old (rules[0].scope.keys[0])').waitFor()
  assert.deepEqual(server.changes.map((one) => one.query), ['?dry_run=true'])
  const error = { code: 'outdated', message: 'The guardrails were changed since they were read' }
  const newer = { ...example('import_guardrails'), etag: '"newer"' }
  server.answer('import_guardrails', ({ url }) => (url.search === '' ? { status: 409, body: { error } } : newer))
  const sent = page.waitForRequest((one) => one.method() === 'PUT')
  await dialog.getByRole('button', { name: 'Replace all' }).click()
  assert.equal((await sent).headers()['if-match'], example('import_guardrails').etag)
  await dialog.getByRole('alert').getByText('The guardrails were changed since').waitFor()
  server.answer('import_guardrails', { ...newer, applied: true })
  const again = page.waitForRequest((one) => one.method() === 'PUT' && !one.url().includes('dry_run'))
  await dialog.getByRole('button', { name: 'Replace all' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal((await again).headers()['if-match'], '"newer"')
  assert.deepEqual(server.changes.at(-1).body, wanted)
  assert.equal(server.changes.at(-1).query, '')
})

scene('a file that is refused, or holds nothing new, cannot be imported', async ({ page, go, server }) => {
  await go('/guardrails')
  let dialog = await choose_file(page, '{"rules":')
  await dialog.getByRole('alert').getByText('The file is not JSON').waitFor()
  assert.ok(await dialog.getByRole('button', { name: 'Replace all' }).isDisabled())
  assert.deepEqual(server.changes, [])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  const message = 'A value is not allowed: rules[0].on: must not be empty'
  server.fail('import_guardrails', 400, { code: 'invalid_argument', message, field: 'rules[0].on' })
  dialog = await choose_file(page, '{"rules":[]}')
  await dialog.getByRole('alert').getByText(message).waitFor()
  assert.ok(await dialog.getByRole('button', { name: 'Replace all' }).isDisabled())
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  server.answer('import_guardrails', { ...example('import_guardrails'), changes: [] })
  dialog = await choose_file(page, '{}')
  await dialog.getByText('Nothing would change').waitFor()
  assert.ok(await dialog.getByRole('button', { name: 'Replace all' }).isDisabled())
})

scene('outcomes are drawn over time, by rule and period', async ({ page, go, server }) => {
  await go('/guardrails?tab=outcomes')
  await page.getByRole('img', { name: 'Requests by what guardrails did, Last 24 hours' }).waitFor()
  await rows_of(page, 'Outcomes').filter({ hasText: 'redact-secrets' }).getByText('Redacted').waitFor()
  const asked = server.next('GET /api/guardrails/outcomes')
  await page.getByRole('combobox', { name: 'Period' }).click()
  await page.getByRole('option', { name: 'Last 7 days' }).click()
  assert.match(await asked, /bucket=1h/)
  server.answer('list_guardrail_outcomes', { ...example('list_guardrail_outcomes'), items: [] })
  await page.getByRole('combobox', { name: 'Rule', exact: true }).click()
  await page.getByRole('option', { name: 'redact-secrets' }).click()
  await page.getByText('No guardrail did anything in this time.').waitFor()
  await page.waitForURL('**/guardrails?tab=outcomes&rule=redact-secrets&range=7d')
})

scene('rules that cannot be read are told, and trying again shows them', async ({ page, go, server }) => {
  server.fail('list_guard_rules', 500, { code: 'io_failed', message: 'Reading or writing failed' })
  await go('/guardrails')
  await page.getByRole('alert').getByText('Reading or writing failed').waitFor()
  server.answer('list_guard_rules', undefined)
  await page.getByRole('button', { name: 'Try again' }).click()
  await rules(page).first().waitFor()
})

scene('a change made elsewhere shows without reload', async ({ page, go, server }) => {
  server.answer('list_guard_rules', { items: [], next_cursor: null })
  await go('/guardrails')
  await page.getByText('There is no guardrail yet.').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  server.answer('list_guard_rules', undefined)
  server.tell('guardrails')
  await rules(page).first().waitFor()
})

scene('an audit row tells what guardrails did with the request', async ({ page, go }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').first().getByText('Redacted').waitFor()
  await rows_of(page, 'Audit rows').first().click()
  const panel = page.getByRole('dialog', { name: 'req_01kg8f3v7r9m' })
  await panel.getByText('Prompts · github-pat · 2 times').waitFor()
  await panel.getByText('Not checked').waitFor()
  await panel.getByRole('link', { name: 'redact-secrets' }).click()
  await page.waitForURL('**/guardrails?rule=redact-secrets')
})
