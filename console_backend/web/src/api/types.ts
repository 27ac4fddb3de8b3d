// Short names for the generated types. The truth is openapi.yaml; `npm run types` makes schema.d.ts from it.
import type { components, operations } from './schema'

type Schemas = components['schemas']

export type Session = Schemas['Session']
export type Credentials = Schemas['Credentials']
export type Device = Schemas['Device']
export type DeviceDetail = Schemas['DeviceDetail']
export type DeviceState = Schemas['DeviceState']
export type CaptureState = Schemas['CaptureState']
export type FoundApp = Schemas['FoundApp']
export type App = Schemas['App']
export type AppDecision = Schemas['AppDecision']
export type AppPage = Schemas['AppPage']
export type DecideApp = Schemas['DecideApp']
export type DecideApps = Schemas['DecideApps']
export type DeviceDecision = Schemas['DeviceDecision']
export type LogRow = Schemas['LogRow']
export type LogDecision = Schemas['LogDecision']
export type VirtualKey = Schemas['VirtualKey']
export type PutVirtualKey = Schemas['PutVirtualKey']
export type ProviderConfig = Schemas['ProviderConfig']
export type Provider = Schemas['Provider']
export type PutProvider = Schemas['PutProvider']
export type Dialect = Schemas['Dialect']
export type EnrolmentToken = Schemas['EnrolmentToken']
export type CreateEnrolmentToken = Schemas['CreateEnrolmentToken']
export type EnrolmentTokenCreated = Schemas['EnrolmentTokenCreated']
export type ApiToken = Schemas['ApiToken']
export type ApiTokenCreated = Schemas['ApiTokenCreated']
export type Gateway = Schemas['Gateway']
export type Certificate = Schemas['Certificate']
export type CertificateAuthority = Schemas['CertificateAuthority']
export type Settings = Schemas['Settings']
export type AdminAction = Schemas['AdminAction']
export type GuardRule = Schemas['GuardRule']
export type PutGuardRule = Schemas['PutGuardRule']
export type GuardScope = Schemas['GuardScope']
export type DetectorUse = Schemas['DetectorUse']
export type DetectorKind = Schemas['DetectorKind']
export type Surface = Schemas['Surface']
export type GuardAction = Schemas['GuardAction']
export type GuardrailDone = Schemas['GuardrailDone']
export type GuardrailOutcome = Schemas['GuardrailOutcome']
export type GuardPattern = Schemas['GuardPattern']
export type GuardWordList = Schemas['GuardWordList']
export type GuardTopic = Schemas['GuardTopic']
export type GuardAllowList = Schemas['GuardAllowList']
export type GuardGitleaks = Schemas['GuardGitleaks']
export type GuardGitleaksEntry = Schemas['GuardGitleaksEntry']
export type GuardProvider = Schemas['GuardProvider']
export type GuardProviderKind = Schemas['GuardProviderKind']
export type PutGuardProvider = Schemas['PutGuardProvider']
export type UnsavedParts = Schemas['UnsavedParts']
export type GuardrailDocument = Schemas['GuardrailDocument']
export type GuardrailReplacement = Schemas['GuardrailReplacement']
export type GuardrailTemplate = Schemas['GuardrailTemplate']
export type GuardrailTemplates = Schemas['GuardrailTemplates']
export type GuardrailVocabulary = Schemas['GuardrailVocabulary']
export type TestGuardrails = Schemas['TestGuardrails']
export type GuardrailTrial = Schemas['GuardrailTrial']
export type GuardrailCount = Schemas['GuardrailCount']
export type GuardrailOutcomes = Schemas['GuardrailOutcomes']
export type LiveChange = Schemas['LiveChange']
export type LiveTopic = Schemas['LiveTopic']

export type DeviceFilters = Omit<NonNullable<operations['list_devices']['parameters']['query']>, 'cursor' | 'limit'>
export type AppFilters = Omit<NonNullable<operations['list_apps']['parameters']['query']>, 'cursor' | 'limit'>
export type LogFilters = Omit<NonNullable<operations['list_logs']['parameters']['query']>, 'cursor' | 'limit' | 'format'>

export type Page<Item> = { items: Item[]; next_cursor: string | null }

export type OutcomeFilters = NonNullable<operations['list_guardrail_outcomes']['parameters']['query']>

// What rules name: one list each, by the path of its API.
export type GuardParts = {
  patterns: { listed: GuardPattern; whole: GuardPattern; put: Schemas['PutGuardPattern'] }
  'word-lists': { listed: GuardWordList; whole: GuardWordList; put: Schemas['PutGuardWordList'] }
  topics: { listed: GuardTopic; whole: GuardTopic; put: Schemas['PutGuardTopic'] }
  'allow-lists': { listed: GuardAllowList; whole: GuardAllowList; put: Schemas['PutGuardAllowList'] }
  gitleaks: { listed: GuardGitleaksEntry; whole: GuardGitleaks; put: Schemas['PutGuardGitleaks'] }
}
export type GuardPartKind = keyof GuardParts
