// The examples of openapi.yaml are what the stand-in console answers, so they have to be right.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults, operations, operation_of, resolve } from './support/openapi.mjs'

function* contents(op) {
  const body = op.spec.requestBody?.content['application/json']
  if (body) yield ['request', body]
  for (const [status, response] of Object.entries(op.spec.responses)) {
    const content = resolve(response).content?.['application/json']
    if (content) yield [status, content]
  }
}

for (const op of operations)
  test(`the examples of ${op.id} fit their schemas`, () => {
    for (const [where, content] of contents(op))
      for (const example of [content.example, ...Object.values(content.examples ?? {}).map((one) => one.value)])
        if (example !== undefined) assert.deepEqual(faults(content.schema, example, `${op.id} ${where}`), [])
  })

test('every operation has a name of its own and answers errors in one form', () => {
  assert.equal(new Set(operations.map((op) => op.id)).size, operations.length)
  for (const op of operations) {
    const content = resolve(op.spec.responses.default)?.content?.['application/json']
    assert.equal(content?.schema?.$ref, '#/components/schemas/ErrorBody', op.id)
  }
})

test('a fixed path goes before one with a parameter', () => {
  assert.equal(operation_of('POST', '/api/catalog/apps/decisions').id, 'decide_apps')
  assert.equal(operation_of('PUT', '/api/catalog/apps/codex/decision').id, 'decide_app')
})

test('a value that does not fit is named with its path', () => {
  const schema = { type: 'object', required: ['a'], additionalProperties: false, properties: { a: { type: 'integer' } } }
  assert.deepEqual(faults(schema, { a: 'x', b: 1 }).sort(), ['$.a is not integer', '$.b is not in the schema'])
  assert.deepEqual(faults(schema, {}), ['$.a is missing'])
})
