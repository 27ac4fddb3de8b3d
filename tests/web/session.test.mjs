import assert from 'node:assert/strict'
import { scene } from './support/scene.mjs'

const out = { signed_in: false }

async function fill(page, email, password) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

scene(
  'a wrong password is told in the words of the console and the e-mail stays',
  async ({ page, go, server }) => {
    server.fail('sign_in', 401, { code: 'unauthenticated', message: 'The e-mail or the password is wrong' })
    await go('/')
    await fill(page, 'admin@example.com', 'wrong')
    await page.getByRole('alert').getByText('The e-mail or the password is wrong').waitFor()
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'admin@example.com')
    assert.match(page.url(), /\/sign-in$/)
  },
  out,
)

scene(
  'after signing in the page that was asked for is shown, with its filters',
  async ({ page, go }) => {
    await go('/logs?app=codex')
    await page.waitForURL(/\/sign-in\?next=/)
    await fill(page, 'admin@example.com', 'right')
    await page.waitForURL('**/logs?app=codex')
    await page.getByRole('heading', { name: 'Logs' }).waitFor()
  },
  out,
)

scene(
  'too many attempts say when to try again',
  async ({ page, go, server }) => {
    server.fail('sign_in', 429, { code: 'rate_limited', message: 'Too many requests' })
    await go('/sign-in')
    await fill(page, 'admin@example.com', 'wrong')
    await page.getByRole('alert').getByText('Too many requests').waitFor()
  },
  out,
)

scene('an address cannot send a person who is signed in to another site', async ({ page, go }) => {
  await go('/sign-in?next=//evil.example/x')
  await page.waitForURL('**/devices')
})

scene('signing out leads to the form and forgets what was shown', async ({ page, go, server }) => {
  await go('/devices')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  assert.equal(server.changes.at(-1).id, 'sign_out')
  assert.equal(await page.getByText('ada-laptop').count(), 0)
})

scene('a session that ends while the page is open leads to the form', async ({ page, go, server }) => {
  await go('/devices')
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
  server.signed_in = false
  server.tell('devices')
  await page.waitForURL(/\/sign-in/)
})
