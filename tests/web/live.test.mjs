import { scene } from './support/scene.mjs'

scene('a lost connection is told, and what changed meanwhile shows once it is back', async ({ page, go, server }) => {
  server.answer('list_devices', { items: [], next_cursor: null })
  await go('/devices')
  await page.getByText('Live', { exact: true }).waitFor()
  server.cut_live()
  await page.getByText('Connection to the console lost.').waitFor()
  await page.getByText('Not connected').waitFor()
  server.live_down = false
  server.answer('list_devices', undefined)
  await page.getByRole('button', { name: 'Retry now' }).click()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText('Connection to the console lost.').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'ada-laptop' }).waitFor()
})

scene('the page reconnects by itself', async ({ page, go, server }) => {
  await go('/devices')
  await page.getByText('Live', { exact: true }).waitFor()
  server.cut_live()
  await page.getByText('Not connected').waitFor()
  server.live_down = false
  await page.getByText('Live', { exact: true }).waitFor()
})
