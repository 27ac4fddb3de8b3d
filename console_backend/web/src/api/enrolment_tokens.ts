import { request, segment } from './http'
import type { CreateEnrolmentToken, EnrolmentToken, EnrolmentTokenCreated, Page } from './types'

export function listEnrolmentTokens(cursor: string | null, signal?: AbortSignal): Promise<Page<EnrolmentToken>> {
  return request('GET', '/api/enrolment-tokens', { query: { cursor }, signal })
}

export function createEnrolmentToken(body: CreateEnrolmentToken): Promise<EnrolmentTokenCreated> {
  return request('POST', '/api/enrolment-tokens', { body })
}

export function deleteEnrolmentToken(id: string): Promise<void> {
  return request('DELETE', `/api/enrolment-tokens/${segment(id)}`)
}
