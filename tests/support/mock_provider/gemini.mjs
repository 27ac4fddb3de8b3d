// Google's generateContent and streamGenerateContent as the public API reference describes them.
import { answer_text, opaque, pieces, tokens_of } from './text.mjs';

const STATUSES = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE' };

export const request_id = () => opaque(22);
export const identify = () => [['server-timing', 'gfet4t7; dur=12']];

export function error(status, message) {
  return { error: { code: status, message, status: STATUSES[status] ?? 'UNKNOWN' } };
}

export function answer({ path, question, size, behaviour, id }) {
  const text = answer_text(behaviour, question);
  const [input, output] = [tokens_of(size), tokens_of(text.length)];
  const usageMetadata = { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output };
  const modelVersion = /models\/([^:/?]+)/.exec(path)?.[1] ?? 'gemini-mock';
  const part = (piece, last) => ({ candidates: [{ content: { parts: [{ text: piece }], role: 'model' },
    ...(last ? { finishReason: 'STOP' } : {}), index: 0 }], usageMetadata, modelVersion, responseId: id });
  if (!path.includes(':streamGenerateContent')) return { body: part(text, true), usage: { input, output } };
  const cut = pieces(text, behaviour.events ?? 3);
  const events = cut.map((piece, index) => `data: ${JSON.stringify(part(piece, index === cut.length - 1))}\r\n\r\n`);
  return { events, usage: { input, output } };
}
