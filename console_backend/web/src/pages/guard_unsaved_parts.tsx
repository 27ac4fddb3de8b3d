import { TagsInput, TextInput } from '@mantine/core'
import type { UnsavedParts } from '~/api/types'
import classes from './guardrails.module.css'

// What a template brings along besides the rule; saved with it.
export function UnsavedPartFields({
  parts,
  onChange,
  wrong,
}: {
  parts: UnsavedParts
  onChange: (parts: UnsavedParts) => void
  wrong: (path: string) => string | null
}) {
  const { patterns = [], word_lists = [], topics = [], allow_lists = [] } = parts
  if (patterns.length + word_lists.length + topics.length + allow_lists.length === 0) return null
  return (
    <fieldset className={classes.group}>
      <legend>Comes with it</legend>
      {patterns.map((one, index) => (
        <TextInput
          key={one.id}
          label={`Pattern ${one.id}`}
          classNames={{ input: 'mono' }}
          error={wrong(`parts.patterns[${index}]`)}
          value={one.regex ?? ''}
          onChange={(event) => onChange({ ...parts, patterns: replaced(patterns, index, { regex: event.currentTarget.value }) })}
        />
      ))}
      {word_lists.map((one, index) => (
        <Words
          key={one.id}
          label={`Word list ${one.id}`}
          error={wrong(`parts.word_lists[${index}]`)}
          words={one.words}
          onChange={(words) => onChange({ ...parts, word_lists: replaced(word_lists, index, { words }) })}
        />
      ))}
      {topics.map((one, index) => (
        <Words
          key={one.id}
          label={`Topic ${one.id}`}
          error={wrong(`parts.topics[${index}]`)}
          words={one.words}
          onChange={(words) => onChange({ ...parts, topics: replaced(topics, index, { words }) })}
        />
      ))}
      {allow_lists.map((one, index) => (
        <Words
          key={one.id}
          label={`Allow-list ${one.id}: expressions`}
          error={wrong(`parts.allow_lists[${index}]`)}
          words={one.regexes}
          onChange={(regexes) => onChange({ ...parts, allow_lists: replaced(allow_lists, index, { regexes }) })}
        />
      ))}
      <p className={classes.effect}>Saved with the rule; later on the tabs of this page.</p>
    </fieldset>
  )
}

function replaced<Item>(items: Item[], index: number, part: Partial<Item>): Item[] {
  return items.map((item, at) => (at === index ? { ...item, ...part } : item))
}

function Words({
  label,
  words = [],
  error,
  onChange,
}: {
  label: string
  error: string | null
  words: string[] | undefined
  onChange: (words: string[]) => void
}) {
  return <TagsInput label={label} splitChars={['\n']} error={error} value={words} onChange={onChange} />
}
