import type { AppDecision, CaptureState, DeviceState, GuardrailDone, LogDecision } from '~/api/types'
import { done_words } from '~/words/guardrails'
import classes from './status.module.css'

type Tone = 'good' | 'wait' | 'bad' | 'idle'

// A word with a dot: the word carries the meaning, the colour only speeds it up.
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.status} data-tone={tone}>
      {children}
    </span>
  )
}

const apps: Record<AppDecision, [Tone, string]> = {
  pending: ['wait', 'Pending'],
  approved: ['good', 'Approved'],
  denied: ['bad', 'Denied'],
}
const devices: Record<DeviceState, [Tone, string]> = {
  active: ['good', 'Active'],
  stale: ['wait', 'Stale'],
  revoked: ['bad', 'Revoked'],
}
const captures: Record<CaptureState, [Tone, string]> = {
  capturing: ['good', 'Capturing'],
  bypassed: ['bad', 'Bypassed'],
  off: ['idle', 'Off'],
  unknown: ['idle', 'Unknown'],
}
export const log_words: Record<LogDecision, [Tone, string]> = {
  in_progress: ['idle', 'In progress'],
  allowed: ['good', 'Allowed'],
  denied: ['bad', 'Denied'],
  refused: ['bad', 'Refused'],
  failed: ['wait', 'Failed'],
  interrupted: ['wait', 'Interrupted'],
}

const done_tones: Record<GuardrailDone, Tone> = {
  shadow: 'idle',
  flag: 'wait',
  redact: 'good',
  block: 'bad',
  not_checked: 'wait',
}
const guarded = Object.fromEntries(
  Object.entries(done_words).map(([done, word]) => [done, [done_tones[done as GuardrailDone], word] as [Tone, string]]),
)

// A value that this version of the page does not know is shown as it came.
function drawn(known: Record<string, [Tone, string]>, value: string) {
  const [tone, word] = known[value] ?? ['idle', value]
  return <Status tone={tone}>{word}</Status>
}

export const AppStatus = ({ decision }: { decision: AppDecision }) => drawn(apps, decision)
export const DeviceStatus = ({ state }: { state: DeviceState }) => drawn(devices, state)
export const CaptureStatus = ({ state }: { state: CaptureState }) => drawn(captures, state)
export const LogStatus = ({ decision }: { decision: LogDecision }) => drawn(log_words, decision)
export const GuardStatus = ({ done }: { done: GuardrailDone }) => drawn(guarded, done)
