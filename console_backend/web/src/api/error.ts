// A request that did not succeed. `code` is a name of Sluice's error table, or `connection_failed` when no answer came.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }

  // Whether asking once more may help without a person's doing.
  get passing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError(0, 'internal', error instanceof Error ? error.message : 'Something in this page failed')
}

type Body = { error?: { code?: unknown; message?: unknown; field?: unknown } }

// Reads the error body of the API. A body of another form (from a proxy in between, say) still gives a sentence.
export function errorFromAnswer(status: number, text: string, retryAfter: string | null): ApiError {
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null
  let body: Body = {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) body = parsed
  } catch {
    // Not JSON: the status alone is told.
  }
  const { code, message, field } = body.error ?? {}
  return new ApiError(
    status,
    typeof code === 'string' ? code : 'unexpected_answer',
    typeof message === 'string' ? message : `The console answered with status ${status}`,
    typeof field === 'string' ? field : null,
    seconds,
  )
}
