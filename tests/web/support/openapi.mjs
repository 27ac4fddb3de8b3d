// openapi.yaml as data: its operations, their examples, and a check of values against its schemas.
// The check knows the keywords that the file uses and fails on any other, so that none is passed over unseen.
import { readFileSync } from 'node:fs'
import { yaml } from './modules.mjs'

const file = new URL('../../../console_backend/api/openapi.yaml', import.meta.url)
export const document = yaml.parse(readFileSync(file, 'utf8'))

export function resolve(node) {
  if (node === null || typeof node !== 'object' || node.$ref === undefined) return node
  const found = node.$ref
    .slice(2)
    .split('/')
    .reduce((at, name) => at?.[name], document)
  if (found === undefined) throw new Error(`openapi.yaml has no ${node.$ref}`)
  return resolve(found)
}

// Every operation: { id, method, template, matches(path), spec }.
export const operations = Object.entries(document.paths).flatMap(([template, item]) =>
  ['get', 'put', 'post', 'delete']
    .filter((method) => item[method] !== undefined)
    .map((method) => ({
      id: item[method].operationId,
      method: method.toUpperCase(),
      template,
      pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
      spec: { ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve) },
    })),
)

// The operation that a request means; a fixed path goes before one with parameters.
export function operation_of(method, path) {
  const fitting = operations.filter((one) => one.method === method && one.pattern.test(path))
  return fitting.sort((a, b) => (a.template.match(/\{/g) ?? []).length - (b.template.match(/\{/g) ?? []).length)[0]
}

export function operation(id) {
  const found = operations.find((one) => one.id === id)
  if (found === undefined) throw new Error(`openapi.yaml has no operation ${id}`)
  return found
}

export function response_of(op, status) {
  return resolve(op.spec.responses[String(status)] ?? op.spec.responses.default)
}

export function json_schema_of(op, status) {
  return response_of(op, status)?.content?.['application/json']?.schema
}

// The example answer of an operation, as a copy that may be changed.
export function example(id, status = 200) {
  const content = response_of(operation(id), status)?.content?.['application/json']
  const value = content?.example ?? Object.values(content?.examples ?? {})[0]?.value
  if (value === undefined) throw new Error(`${id} has no example for ${status}`)
  return structuredClone(value)
}

const annotations = ['description', 'example', 'examples', 'format', 'default', 'title']
const checks = {
  type: (types, value) => [types].flat().some((type) => is_type(type, value)) || `is not ${[types].flat().join(' or ')}`,
  enum: (values, value) => values.includes(value) || `is not one of ${values.join(', ')}`,
  const: (wanted, value) => value === wanted || `is not ${wanted}`,
  pattern: (pattern, value) => typeof value !== 'string' || new RegExp(pattern).test(value) || `does not match ${pattern}`,
  minLength: (least, value) => typeof value !== 'string' || value.length >= least || `is shorter than ${least}`,
  maxLength: (most, value) => typeof value !== 'string' || value.length <= most || `is longer than ${most}`,
  minimum: (least, value) => typeof value !== 'number' || value >= least || `is less than ${least}`,
  maximum: (most, value) => typeof value !== 'number' || value <= most || `is more than ${most}`,
  minItems: (least, value) => !Array.isArray(value) || value.length >= least || `has fewer than ${least} items`,
  maxItems: (most, value) => !Array.isArray(value) || value.length <= most || `has more than ${most} items`,
}

function is_type(type, value) {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value)
  return typeof value === type
}

// What is wrong with `value`, as sentences with the path of each fault; empty when it fits the schema.
export function faults(schema, value, path = '$') {
  const found = []
  for (const [keyword, rule] of Object.entries(schema)) {
    if (annotations.includes(keyword)) continue
    if (keyword === '$ref') found.push(...faults(resolve(schema), value, path))
    else if (keyword === 'allOf') for (const part of rule) found.push(...faults(part, value, path))
    else if (keyword === 'oneOf') {
      const tries = rule.map((part) => faults(part, value, path))
      if (tries.filter((one) => one.length === 0).length !== 1) found.push(...tries.flat(), `${path} fits none or several of oneOf`)
    } else if (keyword === 'items') {
      if (Array.isArray(value)) value.forEach((item, at) => found.push(...faults(rule, item, `${path}[${at}]`)))
    } else if (['properties', 'required', 'additionalProperties'].includes(keyword)) {
      if (is_type('object', value)) found.push(...object_faults(keyword, schema, value, path))
    } else if (keyword in checks) {
      const verdict = checks[keyword](rule, value)
      if (verdict !== true) found.push(`${path} ${verdict}`)
    } else throw new Error(`${path}: the schema keyword ${keyword} is not known here`)
  }
  return found
}

function object_faults(keyword, schema, value, path) {
  if (keyword === 'required')
    return schema.required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
  if (keyword === 'properties')
    return Object.entries(schema.properties)
      .filter(([name]) => name in value)
      .flatMap(([name, part]) => faults(part, value[name], `${path}.${name}`))
  if (schema.additionalProperties !== false) return []
  return Object.keys(value)
    .filter((name) => !(name in (schema.properties ?? {})))
    .map((name) => `${path}.${name} is not in the schema`)
}
