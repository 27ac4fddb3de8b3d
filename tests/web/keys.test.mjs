import assert from 'node:assert/strict'
import { example } from './support/openapi.mjs'
import { scene } from './support/scene.mjs'

scene('a new virtual key is shown once', async ({ page, go, server }) => {
  server.answer('put_virtual_key', () => ({ status: 201, body: example('put_virtual_key', 201) }))
  await go('/virtual-keys')
  await page.getByRole('button', { name: 'New virtual key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New virtual key' })
  await dialog.getByLabel('Id').fill('ci-pipeline')
  await dialog.getByLabel('Name').fill('CI pipeline')
  await dialog.getByLabel('Team').fill('platform')
  await dialog.getByRole('button', { name: 'Add provider' }).click()
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await page.getByText('sk-slc-EXAMPLEexampleEXAMPLEexample').waitFor()
  assert.deepEqual(server.changes.at(-1), {
    id: 'put_virtual_key',
    path: '/api/governance/virtual-keys/ci-pipeline',
    query: '',
    body: {
      name: 'CI pipeline',
      enabled: true,
      fleet_default: false,
      team_id: 'platform',
      provider_configs: [{ provider: 'anthropic', allowed_models: ['*'] }],
    },
  })
  await page.getByRole('button', { name: 'Done' }).click()
  assert.equal(await page.getByText('sk-slc-EXAMPLE').count(), 0)
})

scene('a virtual key is disabled, and a field that the console refuses is marked', async ({ page, go, server }) => {
  const [key] = example('list_virtual_keys').items
  server.fail('put_virtual_key', 400, { code: 'invalid_argument', message: 'A value is not allowed', field: 'name' })
  await go('/virtual-keys')
  await page.getByRole('button', { name: 'CI pipeline' }).click()
  const dialog = page.getByRole('dialog', { name: 'Virtual key CI pipeline' })
  await dialog.getByRole('switch', { name: 'Enabled' }).uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').getByText('A value is not allowed (name)').waitFor()
  await dialog.locator('input[aria-invalid="true"]').waitFor()
  server.answer('put_virtual_key', { ...key, enabled: false })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(server.changes.at(-1).body.enabled, false)
})

scene('a virtual key and a provider are deleted after a question', async ({ page, go, server }) => {
  await go('/virtual-keys')
  await page.getByRole('button', { name: 'CI pipeline' }).click()
  await page.getByRole('button', { name: 'Delete virtual key…' }).click()
  await page.getByRole('dialog', { name: 'Delete CI pipeline' }).getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(server.changes.at(-1).path, '/api/governance/virtual-keys/ci-pipeline')
  server.fail('delete_provider', 409, { code: 'conflict', message: 'the provider anthropic is used by the virtual keys fleet' })
  await go('/providers')
  await page.getByRole('button', { name: 'anthropic' }).click()
  await page.getByRole('button', { name: 'Delete provider…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete anthropic' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('alert').getByText('used by the virtual keys fleet').waitFor()
})

scene('the key of a provider is sent only when one was typed', async ({ page, go, server }) => {
  await go('/providers')
  await page.getByRole('button', { name: 'anthropic' }).click()
  const dialog = page.getByRole('dialog', { name: 'Provider anthropic' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(server.changes.at(-1).body, { base_url: 'https://api.anthropic.com', dialect: 'anthropic' })
})

scene('an API token is created, shown once, and revoked after a question', async ({ page, go, server }) => {
  await go('/api-tokens')
  await page.getByRole('button', { name: 'New API token' }).click()
  await page.getByLabel('Name').fill('terraform')
  await page.getByRole('button', { name: 'Create token' }).click()
  await page.getByText('slc_api_EXAMPLEexampleEXAMPLE').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Revoke terraform' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(server.changes.at(-1).path, '/api/api-tokens/apt_3h8m1v')
})

scene('an enrolment token is withdrawn after a question', async ({ page, go, server }) => {
  await go('/enrolment')
  await page.getByText('3 of 10').waitFor()
  await page.getByRole('button', { name: 'Withdraw ent_9c2x7k' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(server.changes.at(-1).id, 'delete_enrolment_token')
})
