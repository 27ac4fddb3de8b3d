// OpenAI's chat completions and responses as the public API reference describes them.
import { answer_text, opaque, pieces, tokens_of } from './text.mjs';

const ERROR_TYPES = { 400: 'invalid_request_error', 401: 'invalid_request_error', 403: 'invalid_request_error',
  404: 'invalid_request_error', 429: 'requests', 500: 'server_error', 503: 'server_error' };
const ERROR_CODES = { 401: 'invalid_api_key', 404: 'model_not_found', 429: 'rate_limit_exceeded' };

export const request_id = () => `req_${opaque(32).toLowerCase()}`;

export function identify(id) {
  return [['x-request-id', id], ['openai-organization', 'lab-organization'], ['openai-processing-ms', '12'],
    ['openai-version', '2020-10-01'], ['x-ratelimit-limit-requests', '10000'],
    ['x-ratelimit-remaining-requests', '9999']];
}

export function error(status, message) {
  return { error: { message, type: ERROR_TYPES[status] ?? 'server_error', param: null,
    code: ERROR_CODES[status] ?? null } };
}

const data = (value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const seconds = () => Math.floor(Date.now() / 1000);

export function answer(request) {
  return request.path.startsWith('/v1/responses') ? responses(request) : chat(request);
}

function chat({ question, size, behaviour }) {
  const text = answer_text(behaviour, question);
  const [input, output] = [tokens_of(size), tokens_of(text.length)];
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0 } };
  const base = { id: `chatcmpl-${opaque(29)}`, created: seconds(), model: question.model ?? 'gpt-mock',
    service_tier: 'default', system_fingerprint: 'fp_mock' };
  if (!question.stream) {
    return { usage: { input, output }, body: { ...base, object: 'chat.completion', choices: [{ index: 0,
      message: { role: 'assistant', content: text, refusal: null, annotations: [] }, logprobs: null,
      finish_reason: 'stop' }], usage } };
  }
  const counted = question.stream_options?.include_usage === true;
  const chunk = (delta, finish_reason) => ({ ...base, object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...(counted ? { usage: null } : {}) });
  const events = [chunk({ role: 'assistant', content: '', refusal: null }, null),
    ...pieces(text, behaviour.events ?? 3).map((content) => chunk({ content }, null)), chunk({}, 'stop')];
  if (counted) events.push({ ...base, object: 'chat.completion.chunk', choices: [], usage });
  events.push('[DONE]');
  return { events: events.map(data), usage: { input, output } };
}

function responses({ question, size, behaviour }) {
  const text = answer_text(behaviour, question);
  const [input, output] = [tokens_of(size), tokens_of(text.length)];
  const usage = { input_tokens: input, input_tokens_details: { cached_tokens: 0 }, output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 }, total_tokens: input + output };
  const part = { type: 'output_text', annotations: [], logprobs: [], text };
  const item = { id: `msg_${opaque(48)}`, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  const begun = { id: `resp_${opaque(48)}`, object: 'response', created_at: seconds(), status: 'in_progress',
    background: false, error: null, incomplete_details: null, instructions: question.instructions ?? null,
    max_output_tokens: null, model: question.model ?? 'gpt-mock', output: [], parallel_tool_calls: true,
    previous_response_id: null, reasoning: { effort: null, summary: null }, store: true, temperature: 1,
    text: { format: { type: 'text' } }, tool_choice: 'auto', tools: [], top_p: 1, truncation: 'disabled',
    usage: null, user: null, metadata: {} };
  const done = { ...begun, status: 'completed', output: [item], usage };
  if (!question.stream) return { body: done, usage: { input, output } };
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...pieces(text, behaviour.events ?? 3).map((delta) => (
      { type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: done },
  ].map((event, sequence_number) => ({ ...event, sequence_number }));
  return { usage: { input, output },
    events: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`) };
}
