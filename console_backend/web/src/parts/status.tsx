import type { AppDecision, CaptureState, DeviceState, LogDecision } from '~/api/types'
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

// A value that this version of the page does not know is shown as it came.
function drawn(known: Record<string, [Tone, string]>, value: string) {
  const [tone, word] = known[value] ?? ['idle', value]
  return <Status tone={tone}>{word}</Status>
}

export const AppStatus = ({ decision }: { decision: AppDecision }) => drawn(apps, decision)
export const DeviceStatus = ({ state }: { state: DeviceState }) => drawn(devices, state)
export const CaptureStatus = ({ state }: { state: CaptureState }) => drawn(captures, state)
export const LogStatus = ({ decision }: { decision: LogDecision }) => drawn(log_words, decision)
