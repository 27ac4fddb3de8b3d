import assert from 'node:assert/strict'
import { example } from './support/openapi.mjs'
import { rows_of, scene } from './support/scene.mjs'

const row = (page, name) => rows_of(page, 'Apps').filter({ has: page.getByRole('button', { name, exact: false }) })

// Makes the stand-in remember decisions.
function remember(server) {
  const page = example('list_apps')
  server.answer('list_apps', () => page)
  const decide = (name, decision, note) => {
    const app = page.items.find((one) => one.app === name)
    Object.assign(app, { decision, note: note ?? null })
  }
  server.answer('decide_app', ({ params, body }) => {
    decide(params[0], body.decision, body.note)
    return { app: params[0], decision: body.decision, snapshot_version: 42 }
  })
  server.answer('decide_apps', ({ body }) => {
    for (const app of body.apps) decide(app, body.decision, body.note)
    return { apps: body.apps, decision: body.decision, snapshot_version: 42 }
  })
}

scene('an app is denied with a note, which shows at once and can be taken back', async ({ page, go, server }) => {
  remember(server)
  await go('/approvals')
  await page.getByRole('button', { name: 'Deny OpenCode' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deny OpenCode' })
  await dialog.getByLabel('Note').fill('Not reviewed yet')
  await dialog.getByRole('button', { name: 'Deny' }).click()
  await dialog.waitFor({ state: 'detached' })
  await row(page, 'OpenCode').getByText('Denied').waitFor()
  await row(page, 'OpenCode').getByText('Not reviewed yet').waitFor()
  assert.deepEqual(server.changes.at(-1), {
    id: 'decide_app',
    path: '/api/catalog/apps/opencode/decision',
    query: '',
    body: { decision: 'denied', note: 'Not reviewed yet', scope: 'global' },
  })
  await page.getByRole('button', { name: 'Undo' }).click()
  await row(page, 'OpenCode').getByText('Pending').waitFor()
  assert.deepEqual(server.changes.at(-1).body, { decision: 'pending', note: null, scope: 'global' })
})

scene('what the console refuses is told in the dialog, which stays open', async ({ page, go, server }) => {
  server.fail('decide_app', 400, { code: 'invalid_argument', message: 'A value is not allowed', field: 'note' })
  await go('/approvals')
  await page.getByRole('button', { name: 'Approve OpenCode' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve OpenCode' })
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await dialog.getByRole('alert').getByText('A value is not allowed (note)').waitFor()
  await dialog.locator('textarea[aria-invalid="true"]').waitFor()
})

scene('an app is denied on one device only, and removing that is offered as undo', async ({ page, go, server }) => {
  await go('/approvals')
  await page.getByRole('button', { name: 'Deny OpenCode' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deny OpenCode' })
  await dialog.getByLabel('One device').click()
  assert.equal(await dialog.getByRole('button', { name: 'Deny' }).isDisabled(), true)
  await dialog.getByRole('combobox', { name: 'Device' }).click()
  await page.getByRole('option', { name: 'build-07' }).click()
  await dialog.getByRole('button', { name: 'Deny' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1).body, {
    decision: 'denied',
    note: null,
    scope: 'device',
    device_id: 'dev_2b8w5n0z6t',
  })
  const removed = server.next('DELETE /api/catalog/apps/opencode/decision?device_id=dev_2b8w5n0z6t')
  await page.getByRole('button', { name: 'Undo' }).click()
  await removed
})

scene('several apps are denied at once and each is put back as it was', async ({ page, go, server }) => {
  remember(server)
  await go('/approvals')
  await page.getByLabel('Select OpenCode').check()
  await page.getByLabel('Select Claude Code').check()
  await page.getByText('2 selected').waitFor()
  await page.getByRole('button', { name: 'Deny selected' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deny 2 apps' })
  await dialog.getByRole('button', { name: 'Deny' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1).body, { apps: ['opencode', 'claude-code'], decision: 'denied', note: null })
  await page.getByRole('button', { name: 'Undo' }).click()
  await row(page, 'Claude Code').getByText('Approved', { exact: true }).waitFor()
  await row(page, 'OpenCode').getByText('Pending').waitFor()
})

scene('the filters by decision and text are kept in the address', async ({ page, go, server }) => {
  await go('/approvals?decision=pending')
  const pending = page.getByRole('radio', { name: /Pending/ })
  await pending.waitFor({ state: 'attached' })
  assert.equal(await pending.isChecked(), true)
  const asked = server.next('GET /api/catalog/apps?q=code&decision=pending')
  await page.getByLabel('Search apps').fill('code')
  await asked
  await page.waitForURL('**/approvals?decision=pending&q=code')
})

scene('an empty catalogue and an empty queue say different things', async ({ page, go, server }) => {
  const counts = { pending: 0, approved: 0, denied: 0 }
  server.answer('list_apps', { items: [], next_cursor: null, counts })
  await go('/approvals')
  await page.getByText('No AI application has been found yet.').waitFor()
  await go('/approvals?decision=pending')
  await page.getByText('Nothing waits for a decision.').waitFor()
})

scene('details show who decided and the exception of a device, which can be removed', async ({ page, go, server }) => {
  await go('/approvals?app=claude-code')
  const panel = page.getByRole('dialog', { name: 'Claude Code' })
  await panel.getByText('SLC-7F3A').waitFor()
  await panel.getByText('Not on build machines').waitFor()
  const removed = server.next('DELETE /api/catalog/apps/claude-code/decision?device_id=dev_2b8w5n0z6t')
  await panel.getByRole('button', { name: 'Remove the decision for build-07' }).click()
  await removed
})
