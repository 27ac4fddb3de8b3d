// The text of an answer and what it is said to cost; the same request always gets the same text and counts.
import crypto from 'node:crypto';

const HELLO = 'Hello from the mock provider.';
const FILLER = 'The quick brown fox jumps over the lazy dog. ';

// The text of a message in any of the vendors' forms.
function text_of(content) {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

function last_message(question) {
  if (typeof question.input === 'string') return question.input;
  const messages = question.messages ?? question.input ?? question.contents ?? [];
  const last = messages.filter((message) => message.role === 'user').at(-1);
  return text_of(last?.content ?? last?.parts);
}

export function answer_text(behaviour, question = {}) {
  const text = behaviour.echo ? last_message(question) : behaviour.answer ?? HELLO;
  const missing = (behaviour.answer_bytes ?? 0) - text.length;
  return missing > 0 ? text + FILLER.repeat(Math.ceil(missing / FILLER.length)).slice(0, missing) : text;
}

// `count` pieces (fewer for a very short text), none empty.
export function pieces(text, count) {
  const size = Math.max(1, Math.ceil(text.length / Math.max(1, count)));
  const cut = [];
  for (let at = 0; at < text.length; at += size) cut.push(text.slice(at, at + size));
  return cut;
}

// About four bytes a token, the vendors' rule of thumb.
export const tokens_of = (bytes) => Math.max(1, Math.ceil(bytes / 4));

const LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
export function opaque(length) {
  return Array.from(crypto.randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
