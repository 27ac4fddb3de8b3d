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
export type LiveChange = Schemas['LiveChange']
export type LiveTopic = Schemas['LiveTopic']

export type DeviceFilters = Omit<NonNullable<operations['list_devices']['parameters']['query']>, 'cursor' | 'limit'>
export type AppFilters = Omit<NonNullable<operations['list_apps']['parameters']['query']>, 'cursor' | 'limit'>
export type LogFilters = Omit<NonNullable<operations['list_logs']['parameters']['query']>, 'cursor' | 'limit' | 'format'>

export type Page<Item> = { items: Item[]; next_cursor: string | null }
