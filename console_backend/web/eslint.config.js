import js from '@eslint/js'
import globals from 'globals'
import hooks from 'eslint-plugin-react-hooks'
import { fileURLToPath } from 'node:url'
import typescript from 'typescript-eslint'

// Run from the repository's root, because tests/web is checked by the same rules (see package.json).
const here = fileURLToPath(new URL('.', import.meta.url))
const web = 'console_backend/web'

export default typescript.config(
  { ignores: [`${web}/dist/**`, `${web}/node_modules/**`, `${web}/src/api/schema.d.ts`] },
  js.configs.recommended,
  {
    files: [`${web}/src/**/*.{ts,tsx}`],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    plugins: { 'react-hooks': hooks },
    languageOptions: { globals: globals.browser, parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: here } },
    rules: {
      ...hooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-empty-object-type': 'off',
      // The server is asked in one place, src/api/http.ts.
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Use the API modules in src/api.' }],
      'no-console': 'error',
    },
  },
  { files: [`${web}/src/api/http.ts`], rules: { 'no-restricted-globals': 'off' } },
  {
    // Screens take server state from hooks and never ask the server themselves.
    files: [`${web}/src/pages/**`, `${web}/src/parts/**`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['~/api/*', '!~/api/types', '!~/api/error'], allowTypeImports: true, message: 'Use a hook of src/state.' }] },
      ],
    },
  },
  { files: [`${web}/*.{js,ts}`, 'tests/web/**/*.mjs'], languageOptions: { globals: globals.node } },
  { files: [`${web}/vite.config.ts`], languageOptions: { parser: typescript.parser } },
  { files: [`${web}/public/*.js`], languageOptions: { globals: globals.browser } },
)
