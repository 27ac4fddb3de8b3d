import assert from 'node:assert/strict'
import { example } from './support/openapi.mjs'
import { rows_of, scene } from './support/scene.mjs'

scene('devices are listed with their state, capture and agent', async ({ page, go }) => {
  await go('/devices')
  const first = rows_of(page, 'Devices').first()
  await first.waitFor()
  for (const text of ['ada-laptop', 'ada', 'Debian GNU/Linux 12', '0.1.0', 'Active', 'Capturing'])
    await first.getByText(text, { exact: true }).first().waitFor()
  await rows_of(page, 'Devices').nth(1).getByText('Bypassed').waitFor()
})

scene('without a device the page says how to enrol one, with the address and pin of this console', async (scene) => {
  const { page, go, server } = scene
  server.answer('list_devices', { items: [], next_cursor: null })
  await go('/devices')
  await page.getByText('No device has enrolled yet.').waitFor()
  const commands = page.getByLabel('Commands to enrol a device')
  await commands.waitFor()
  const text = await commands.textContent()
  assert.match(text, /"console_url":"https:\/\/console\.example\.com:8445"/)
  assert.match(text, /"console_pin":"sha256\/\/47DEQpj8/)

  await page.getByRole('button', { name: 'Enrol a device' }).click()
  await page.getByRole('button', { name: 'Create token' }).click()
  await page.getByRole('dialog').getByText('slc_enrol_EXAMPLEexampleEXAMPLE', { exact: true }).waitFor()
  assert.deepEqual(server.changes.at(-1).body, { for: 'device', expires_in: '24h', uses: 1 })
})

scene('a failure is told with its reason, and trying again shows the devices', async ({ page, go, server }) => {
  server.fail('list_devices', 500, { code: 'io_failed', message: 'Reading or writing failed: the store is locked' })
  await go('/devices')
  await page.getByRole('alert').getByText('Reading or writing failed: the store is locked').waitFor()
  server.answer('list_devices', undefined)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
})

scene('rows that could not be renewed stay, with a line that says so', async ({ page, go, server }) => {
  await go('/devices')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
  server.fail('list_devices', 500, { code: 'io_failed', message: 'Reading or writing failed' })
  server.tell('devices')
  await page.getByRole('alert').getByText('The devices could not be renewed').waitFor()
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
})

scene('a device that enrols appears without reload', async ({ page, go, server }) => {
  server.answer('list_devices', { items: [], next_cursor: null })
  await go('/devices')
  await page.getByText('No device has enrolled yet.').waitFor()
  server.answer('list_devices', undefined)
  server.tell('devices')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
})

scene('a device is revoked with a note, and a refusal is told in the dialog', async ({ page, go, server }) => {
  await go('/devices')
  await page.getByRole('button', { name: 'ada-laptop' }).click()
  const panel = page.getByRole('dialog', { name: 'ada-laptop' })
  await panel.getByText('Claude Code').waitFor()
  await panel.getByText('40,217').waitFor()
  await panel.getByRole('button', { name: 'Revoke device…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Revoke ada-laptop' })
  await dialog.getByLabel('Note').fill('Lost on a train')
  server.fail('revoke_device', 409, { code: 'conflict', message: 'The current state does not allow this' })
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await dialog.getByRole('alert').getByText('The current state does not allow this').waitFor()
  server.answer('revoke_device', undefined)
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1), {
    id: 'revoke_device',
    path: '/api/devices/dev_7m2k9q4x1c/revoke',
    query: '',
    body: { note: 'Lost on a train' },
  })
})

scene('further pages are asked for with the cursor and the same filters', async ({ page, go, server }) => {
  const { items } = example('list_devices')
  server.answer('list_devices', ({ url }) =>
    url.searchParams.get('cursor') === 'c2' ? { items: [items[1]], next_cursor: null } : { items: [items[0]], next_cursor: 'c2' },
  )
  await go('/devices?state=active')
  const asked = server.next('GET /api/devices?state=active&cursor=c2')
  await page.getByRole('button', { name: 'Load more' }).click()
  await asked
  await page.getByRole('button', { name: 'build-07' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Load more' }).count(), 0)
})

scene('everything can be reached by the keyboard, and closing gives the focus back', async ({ page, go }) => {
  await go('/devices')
  const name = page.getByRole('button', { name: 'ada-laptop' })
  await name.waitFor()
  await page.keyboard.press('/')
  assert.equal(await page.evaluate(() => globalThis.document.activeElement.getAttribute('aria-label')), 'Search devices')
  await name.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'ada-laptop' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.waitForFunction(() => globalThis.document.activeElement.textContent === 'ada-laptop')
})

scene('the time of the last check-in stays current without a change to tell', async ({ page, go, server }) => {
  await page.clock.install()
  await go('/devices')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  const asked = server.next('GET /api/devices')
  await page.clock.fastForward(31_000)
  await asked
})
