import assert from 'node:assert/strict'
import { example } from './support/openapi.mjs'
import { rows_of, scene } from './support/scene.mjs'

const fresh_row = () => ({ ...example('list_logs').items[0], request_id: 'req_new', app: 'gemini-cli' })

scene('a new row appears without reload', async ({ page, go, server }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').nth(2).waitFor()
  const { items } = example('list_logs')
  server.answer('list_logs', { items: [fresh_row(), ...items], next_cursor: null })
  server.tell('logs')
  await rows_of(page, 'Audit rows').first().getByText('gemini-cli').waitFor()
  assert.equal(await rows_of(page, 'Audit rows').count(), 4)
})

scene('while paused the rows stand still, and going on shows what came meanwhile', async ({ page, go, server }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').nth(2).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Paused', pressed: true }).waitFor()
  const { items } = example('list_logs')
  server.answer('list_logs', { items: [fresh_row(), ...items], next_cursor: null })
  // The devices that the filter offers are renewed by the same event; the rows are not.
  const others = server.next('GET /api/devices')
  const before = server.requests.filter((line) => line.startsWith('GET /api/logs')).length
  server.tell('logs', 'devices')
  await others
  assert.equal(server.requests.filter((line) => line.startsWith('GET /api/logs')).length, before)
  assert.equal(await rows_of(page, 'Audit rows').count(), 3)
  await page.getByRole('button', { name: 'Paused' }).click()
  await rows_of(page, 'Audit rows').first().getByText('gemini-cli').waitFor()
})

scene('filters stand in the address, survive a reload and reach the console', async ({ page, go, server }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').first().waitFor()
  await page.getByRole('combobox', { name: 'Decision' }).click()
  const asked = server.next('GET /api/logs?decision=denied')
  await page.getByRole('option', { name: 'Denied' }).click()
  await asked
  await page.getByLabel('Model').fill('gpt-5-mini')
  await page.waitForURL('**/logs?decision=denied&model=gpt-5-mini')
  const again = server.next('GET /api/logs?decision=denied&model=gpt-5-mini')
  await page.reload()
  await again
  assert.equal(await page.getByLabel('Model').inputValue(), 'gpt-5-mini')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.waitForURL('**/logs')
})

scene('rows are asked for by rule, key and team', async ({ page, go, server }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').first().waitFor()
  for (const [label, name] of [['Guardrail', 'guardrail'], ['Virtual key', 'virtual_key'], ['Team', 'team']]) {
    const asked = server.next(`GET /api/logs?${name}=some-id`)
    await page.getByLabel(label, { exact: true }).fill('some-id')
    await asked
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.waitForURL('**/logs')
  }
})

scene('an address with a filter that does not exist shows the list without it', async ({ page, go, server }) => {
  const asked = server.next('GET /api/logs')
  await go('/logs?decision=perhaps&app=codex')
  assert.equal(await asked, 'GET /api/logs?app=codex')
  await rows_of(page, 'Audit rows').first().waitFor()
})

scene('a period is resolved when the rows are asked for', async ({ page, go, server }) => {
  const asked = server.next('GET /api/logs')
  await go('/logs?range=1h')
  const from = new URL(await asked.then((line) => `http://x${line.slice(4)}`)).searchParams.get('from')
  assert.ok(Math.abs(Date.now() - 3_600_000 - Date.parse(from)) < 60_000, from)
  await rows_of(page, 'Audit rows').first().waitFor()
})

scene('a period between two times is typed in local time and asked for in UTC', async ({ page, go, server }) => {
  await go('/logs?from=2026-01-31T00:00:00Z')
  await rows_of(page, 'Audit rows').first().waitFor()
  assert.equal(await page.getByLabel('From').inputValue(), '2026-01-31T00:00')
  const asked = server.next('GET /api/logs?from=2026-01-31T00%3A00%3A00.000Z&to=2026-01-31T12%3A30%3A00.000Z')
  await page.getByLabel('To', { exact: true }).fill('2026-01-31T12:30')
  await asked
  await page.waitForURL(/to=2026-01-31T12%3A30/)
})

scene('the details show every field of the row', async ({ page, go }) => {
  await go('/logs')
  await rows_of(page, 'Audit rows').first().click()
  await page.waitForURL('**/logs?request=req_01kg8f3v7r9m')
  const panel = page.getByRole('dialog')
  const shown = await panel.textContent()
  const row = example('list_logs').items[0]
  const written = { streamed: 'yes', cost_nanodollars: '$0.0122', latency_us: '2.84 s', overhead_us: '412 µs', time: '11:59:47.310', decision: 'Allowed' }
  for (const [field, value] of Object.entries(row)) {
    if (value === null || typeof value === 'object') continue
    assert.ok(shown.includes(written[field] ?? String(value)), `${field} is not shown`)
  }
  for (const text of ['1,204', '388', '9,216']) assert.ok(shown.includes(text), text)
})

scene('a row named by the address is asked for when the list does not hold it', async ({ page, go, server }) => {
  const [row] = example('list_logs').items
  server.answer('get_log', ({ params }) => ({ ...row, request_id: params[0], reason: 'Found alone' }))
  await go('/logs?request=req_elsewhere')
  await page.getByRole('dialog').getByText('Found alone').waitFor()
})

scene('an export is the same rows as the filters select', async ({ page, go }) => {
  await go('/logs?app=codex&decision=denied')
  await page.getByRole('button', { name: 'Export' }).click()
  const csv = page.getByRole('menuitem', { name: 'CSV' })
  assert.equal(await csv.getAttribute('href'), '/api/logs?app=codex&decision=denied&format=csv')
  const json = page.getByRole('menuitem', { name: /JSON/ })
  assert.equal(await json.getAttribute('href'), '/api/logs?app=codex&decision=denied&format=json')
})

scene('without a request the page says when one will appear', async ({ page, go, server }) => {
  server.answer('list_logs', { items: [], next_cursor: null })
  await go('/logs')
  await page.getByText('No request has been recorded yet.').waitFor()
  await go('/logs?app=codex')
  await page.getByText('No request matches these filters.').waitFor()
})
