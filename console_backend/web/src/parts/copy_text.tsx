import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Icon } from './icon'
import classes from './copy_text.module.css'

// Text to be pasted elsewhere: commands, tokens, fingerprints.
export function CopyText({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 2000 })
  return (
    <div className={classes.box}>
      <pre className={classes.text} tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Button
        variant="default"
        className={classes.button}
        leftSection={<Icon name={clipboard.copied ? 'check' : 'copy'} size={14} />}
        onClick={() => clipboard.copy(text)}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  )
}
