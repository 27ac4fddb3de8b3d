import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { GuardrailTrial, PutGuardRule, Surface, TestGuardrails, UnsavedParts } from '~/api/types'
import { FormFailure } from '~/parts/states'
import { Status } from '~/parts/status'
import { useTestGuardrails } from '~/state/guardrails'
import { actions, piecesOf, sample_text, sliceOf, spansOf, surfaces, verdictOf } from '~/words/guardrails'
import classes from './guardrails.module.css'

type Subject = NonNullable<TestGuardrails['subject']>
const subject_fields = { user: 'User', team: 'Team', key: 'Virtual key', app: 'App' } as const

// A place to try a text: on the rules in force, or with a rule that is not saved yet.
export function Bench({
  draft,
  parts,
  surfaces: looked_at = ['input'],
}: {
  draft?: PutGuardRule
  parts?: UnsavedParts
  surfaces?: Surface[]
}) {
  const test = useTestGuardrails()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [chosen, setSurface] = useState<Surface | null>(null)
  const [subject, setSubject] = useState<Subject>({})
  const surface = chosen ?? looked_at[0] ?? 'input'
  const named = Object.fromEntries(Object.entries(subject).filter(([, name]) => name !== ''))
  const body: TestGuardrails = {
    text,
    surface,
    subject: named,
    ...(draft === undefined ? {} : { rule: draft }),
    ...(parts === undefined ? {} : { parts }),
  }
  // The button goes with the empty field, so the focus moves to what it filled.
  const fillIn = () => {
    setText(sample_text)
    field.current?.focus()
  }
  return (
    <div className={classes.bench} data-page={draft === undefined || undefined}>
      <Textarea
        ref={field}
        label="Sample text"
        description="Is looked at and forgotten: nothing of it is stored or logged."
        placeholder={sample_text}
        autosize
        minRows={draft === undefined ? 6 : 3}
        maxRows={16}
        maxLength={200_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.subject}>
        <Select
          label="As"
          allowDeselect={false}
          data={(Object.keys(surfaces) as Surface[]).map((value) => ({ value, label: surfaces[value] }))}
          value={surface}
          onChange={setSurface}
        />
        {(Object.keys(subject_fields) as (keyof typeof subject_fields)[]).map((name) => (
          <TextInput
            key={name}
            label={subject_fields[name]}
            value={subject[name] ?? ''}
            onChange={(event) => setSubject({ ...subject, [name]: event.currentTarget.value })}
          />
        ))}
      </div>
      <div className={classes.row}>
        <Button
          variant={draft === undefined ? 'filled' : 'default'}
          loading={test.isPending}
          disabled={text === ''}
          onClick={() => test.mutate(body)}
        >
          Try
        </Button>
        {text === '' && (
          <Button variant="subtle" onClick={fillIn}>
            Fill in an example
          </Button>
        )}
      </div>
      <FormFailure error={test.error} />
      {test.data && <Result trial={test.data} text={test.variables.text} />}
    </div>
  )
}

function Result({ trial, text }: { trial: GuardrailTrial; text: string }) {
  const verdict = verdictOf(trial)
  return (
    <section className={classes.bench} aria-label="Result" aria-live="polite">
      <div className={classes.row}>
        <Status tone={verdict.tone}>{verdict.words}</Status>
        {trial.message !== null && <span>{`“${trial.message}”`}</span>}
      </div>
      <div>
        <p className={classes.label}>What is found</p>
        <pre className={classes.text} tabIndex={0} aria-label="The text with what is found">
          {piecesOf(text, spansOf(trial)).map((piece, at) =>
            piece.done === null ? (
              <span key={at}>{piece.text}</span>
            ) : (
              <mark key={at} data-done={piece.done}>
                {piece.text}
              </mark>
            ),
          )}
        </pre>
      </div>
      {trial.blocked_by === null && trial.redacted !== text && (
        <div>
          <p className={classes.label}>What would go on</p>
          <pre className={classes.text} tabIndex={0} aria-label="The redacted text">
            {trial.redacted}
          </pre>
        </div>
      )}
      <Matches trial={trial} text={text} />
    </section>
  )
}

function Matches({ trial, text }: { trial: GuardrailTrial; text: string }) {
  const covered = new Set(trial.matches.map(({ start, end, type }) => `${start}-${end}-${type}`))
  const others = trial.findings.filter(({ start, end, type }) => !covered.has(`${start}-${end}-${type}`))
  return (
    <ul className={classes.list}>
      {trial.matches.map((match, at) => (
        <li key={at}>
          <strong>{actions[match.action].label}</strong>
          {` by ${match.rule}: ${match.type}`}
          {match.detector !== 'limits' && (
            <>
              {' '}
              <code>{sliceOf(text, match.start, match.end).slice(0, 80)}</code>
            </>
          )}
          <span className={classes.side}>{`${match.found_by}, bytes ${match.start} to ${match.end}`}</span>
        </li>
      ))}
      {others.map((one, at) => (
        <li key={`other ${at}`}>
          {`No rule acts on ${one.type} `}
          <code>{sliceOf(text, one.start, one.end).slice(0, 80)}</code>
          <span className={classes.side}>{`${one.found_by}, score ${one.score.toFixed(2)}${one.hit ? '' : ', below the threshold'}`}</span>
        </li>
      ))}
      {trial.not_run.map((one, at) => (
        <li key={`not run ${at}`}>{`Not asked here, ${one.rule}: ${one.reason}`}</li>
      ))}
      {trial.matches.length + others.length + trial.not_run.length === 0 && <li>Nothing is found.</li>}
      <li className={classes.muted}>
        {trial.rules.length === 0 ? 'No rule looks at this.' : `Rules that look at this: ${trial.rules.join(', ')}`}
      </li>
    </ul>
  )
}
