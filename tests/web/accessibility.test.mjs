// Every page and every dialog against the rules of axe, contrast included, in both themes.
import { assert_accessible } from './support/browser.mjs'
import { scene } from './support/scene.mjs'

const pages = {
  devices: ['/devices', 'ada-laptop'],
  'a device': ['/devices?device=dev_7m2k9q4x1c', 'Passed untouched'],
  approvals: ['/approvals', 'OpenCode'],
  'an app': ['/approvals?app=claude-code', 'Not on build machines'],
  guardrails: ['/guardrails', 'Redact credentials'],
  'a rule': ['/guardrails?rule=redact-secrets', 'When it cannot be told'],
  'the test bench': ['/guardrails?tab=test', 'Sample text'],
  'outcomes of guardrails': ['/guardrails?tab=outcomes', 'block-payment-data'],
  'word lists': ['/guardrails?tab=word-lists', 'code-names'],
  'external checks': ['/guardrails?tab=providers', 'own-check'],
  logs: ['/logs', 'claude-sonnet-4-5'],
  'an audit row': ['/logs?request=req_01kg8f3v7r9m', 'Upstream request id'],
  'virtual keys': ['/virtual-keys', 'CI pipeline'],
  providers: ['/providers', 'anthropic'],
  enrolment: ['/enrolment', '3 of 10'],
  'API tokens': ['/api-tokens', 'terraform'],
  system: ['/system', 'gateway-1'],
}

for (const colorScheme of ['light', 'dark'])
  scene(
    `all pages are accessible in the ${colorScheme} theme`,
    async ({ page, go }) => {
      for (const [what, [path, text]] of Object.entries(pages)) {
        await go(path)
        await page.getByText(text).first().waitFor()
        await page.getByText('Live', { exact: true }).waitFor()
        await assert_accessible(page, what)
      }
    },
    { colorScheme },
  )

for (const colorScheme of ['light', 'dark'])
  scene(
    `dialogs, empty pages and failures are accessible in the ${colorScheme} theme`,
    async ({ page, go, server }) => {
      await go('/approvals')
      await page.getByRole('button', { name: 'Deny OpenCode' }).click()
      await page.getByRole('dialog').getByLabel('One device').click()
      await page.getByRole('combobox', { name: 'Device' }).waitFor()
      await assert_accessible(page, 'the decision dialog')
      await go('/virtual-keys')
      await page.getByRole('button', { name: 'CI pipeline' }).click()
      await page.getByRole('dialog').getByText('Allowed models').waitFor()
      await assert_accessible(page, 'the key dialog')
      await go('/guardrails')
      await page.getByRole('button', { name: 'New rule' }).click()
      await page.getByRole('button', { name: /Keep code names inside/ }).waitFor()
      await assert_accessible(page, 'the templates of guardrails')
      await page.keyboard.press('Escape')
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import' }).click()
      await (await chooser).setFiles({ name: 'guardrails.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
      await page.getByText('There is no virtual key ci-old').waitFor()
      await assert_accessible(page, 'the import of guardrails')
      await go('/guardrails?tab=patterns')
      await page.getByRole('button', { name: 'customer-number' }).click()
      await page.getByRole('dialog').getByLabel('Expression').waitFor()
      await assert_accessible(page, 'the dialog of a pattern')
      await go('/guardrails?tab=test')
      await page.getByLabel('Sample text').fill('My address is ada@example.com')
      await page.getByRole('button', { name: 'Try' }).click()
      await page.getByLabel('The redacted text').waitFor()
      await assert_accessible(page, 'the result of the test bench')
      server.answer('list_devices', { items: [], next_cursor: null })
      await go('/devices')
      await page.getByLabel('Commands to enrol a device').waitFor()
      await assert_accessible(page, 'no device')
      server.fail('list_logs', 500, { code: 'internal', message: 'Something inside Sluice failed' })
      await go('/logs')
      await page.getByRole('alert').waitFor()
      server.cut_live()
      await page.getByText('Connection to the console lost.').waitFor()
      await assert_accessible(page, 'a failure')
    },
    { colorScheme },
  )

scene(
  'the sign-in form is accessible',
  async ({ page, go, server }) => {
    server.fail('sign_in', 401, { code: 'unauthenticated', message: 'The e-mail or the password is wrong' })
    await go('/sign-in')
    await page.getByLabel('E-mail').fill('a@b.c')
    await page.getByRole('textbox', { name: 'Password' }).fill('x')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await assert_accessible(page, 'the sign-in form')
  },
  { signed_in: false },
)
