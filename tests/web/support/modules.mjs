// The npm packages of the browser tests are development dependencies of the web console: one lock file, one `npm ci`.
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../../console_backend/web/package.json', import.meta.url))

export const { chromium } = require('playwright-core')
export const axe_file = require.resolve('axe-core/axe.min.js')
export const yaml = require('yaml')
