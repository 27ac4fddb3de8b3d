import { Modal } from '@mantine/core'
import { ObjectView } from '~/parts/side_panel'
import { useReturnFocus } from '~/parts/return_focus'
import { useGuardParts, useGuardrailTemplates } from '~/state/guardrails'
import { withoutSaved } from '~/words/guardrails'
import type { NewRule } from './guardrails'
import classes from './guardrails.module.css'

// Where a new rule begins. Nothing is stored by choosing.
export function TemplateDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (chosen: NewRule) => void }) {
  useReturnFocus()
  const templates = useGuardrailTemplates()
  const saved = {
    patterns: useGuardParts('patterns').items.map((one) => one.id),
    word_lists: useGuardParts('word-lists').items.map((one) => one.id),
    topics: useGuardParts('topics').items.map((one) => one.id),
    allow_lists: useGuardParts('allow-lists').items.map((one) => one.id),
  }
  return (
    <Modal opened onClose={onClose} title="New rule" size={620}>
      <ObjectView query={templates} what="templates">
        {({ items }) => (
          <ul className={classes.templates}>
            <li>
              <button type="button" className={classes.template} onClick={() => onChoose({ rule: null, parts: {} })}>
                <strong>Empty rule</strong>
                <span>Begin with nothing but the defaults.</span>
              </button>
            </li>
            {items.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className={classes.template}
                  onClick={() => onChoose({ rule: one.rule, parts: withoutSaved(one.parts, saved) })}
                >
                  <strong>{one.title}</strong>
                  <span>{one.description}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </ObjectView>
    </Modal>
  )
}
