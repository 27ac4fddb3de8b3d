// Anthropic's Messages API as its public reference describes it (docs.anthropic.com: Messages, Streaming, Errors).
import { answer_text, opaque, pieces, tokens_of } from './text.mjs';

const ERROR_TYPES = {
  400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error',
  413: 'request_too_large', 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error',
};

export const request_id = () => `req_011${opaque(21)}`;

export function identify(id) {
  return [['request-id', id], ['anthropic-organization-id', '5c1c4d7e-0000-4000-8000-1a2b3c4d5e6f'],
    ['anthropic-ratelimit-requests-limit', '4000'], ['anthropic-ratelimit-requests-remaining', '3999']];
}

export function error(status, message, id) {
  return { type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message }, request_id: id };
}

function usage_of(text, size) {
  return { input_tokens: tokens_of(size), cache_creation_input_tokens: 0, cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokens_of(text.length), service_tier: 'standard' };
}

// -> { body, usage } or { events, usage }; an event is the text of one server-sent event.
export function answer({ path, question, size, behaviour }) {
  if (path.startsWith('/v1/messages/count_tokens')) return { body: { input_tokens: tokens_of(size) }, usage: null };
  const text = answer_text(behaviour, question);
  const usage = usage_of(text, size);
  const message = { id: `msg_01${opaque(22)}`, type: 'message', role: 'assistant', model: question.model ?? 'claude-mock',
    content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } };
  const counted = { input: usage.input_tokens, output: usage.output_tokens };
  if (!question.stream) {
    return { body: { ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn', usage }, usage: counted };
  }
  const events = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...pieces(text, behaviour.events ?? 3).map((piece) => (
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output_tokens } },
    { type: 'message_stop' },
  ];
  return { events: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`), usage: counted };
}
