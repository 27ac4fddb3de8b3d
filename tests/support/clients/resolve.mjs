// Loads a package from where the laptop has its global packages; ESM does not look there by itself.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.LAB_PACKAGES ?? '/usr/local/lib/');

export async function load(name) {
  return import(pathToFileURL(require.resolve(name)).href);
}
