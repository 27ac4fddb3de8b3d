import { Kbd, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { useRef, useState } from 'react'
import { Icon } from './icon'

// A text filter. What is typed is reported when the typing pauses; `/` puts the cursor here when `hotkey` is set.
export function SearchInput({
  value,
  onChange,
  label,
  width = 220,
  hotkey = false,
}: {
  value: string
  onChange: (value: string) => void
  label: string
  width?: number
  hotkey?: boolean
}) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const [reported, setReported] = useState(value)
  // The address was changed by something else (back, a link, "clear filters"): it wins.
  if (value !== reported) {
    setReported(value)
    setTyped(value)
  }
  const report = useDebouncedCallback((next: string) => {
    setReported(next)
    onChange(next)
  }, 250)
  useHotkeys(hotkey ? [['/', () => input.current?.focus()]] : [])
  return (
    <TextInput
      ref={input}
      w={width}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={hotkey ? <Icon name="search" size={14} /> : null}
      rightSection={hotkey && typed === '' ? <Kbd size="xs">/</Kbd> : null}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        report(event.currentTarget.value.trim())
      }}
    />
  )
}
