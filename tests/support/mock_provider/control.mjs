// What the provider does with a request. The control file is JSON and may be replaced at any time (write a new file
// and rename it over the old one); it is looked at again for every request.
//
//   { "default": BEHAVIOUR, "rules": [ { "host", "path", "header": {"name": "value"}, "times", "then": BEHAVIOUR } ] }
//
// The first rule that matches wins: `host` is equal, `path` is a prefix, every named header is equal. With `times`
// a rule is used up after so many requests. BEHAVIOUR, each field optional:
//   answer        text of the answer (default "Hello from the mock provider.")
//   echo          true: the answer is the text of the last user message
//   answer_bytes  pad the text to this size
//   events        pieces a streamed text is cut into (default 3)
//   interval_ms   pause between them (default 0)
//   delay_ms      pause before the first byte of the response
//   status        answer an error of this status in the vendor's form (429, 500, 529 …)
//   message       its message
//   headers       extra response fields, as [name, value] pairs
//   cut_after     streamed: break the connection after so many events; not streamed: in the middle of the body
//   cut           "reset" (default) or "fin"
//   hang          true: take the request, never answer
//   malformed     "json" broken body, "head" a response head that is not HTTP, "event" a broken stream event,
//                 "length" a content-length larger than what follows
import fs from 'node:fs';

const FIELDS = new Set(['answer', 'echo', 'answer_bytes', 'events', 'interval_ms', 'delay_ms', 'status', 'message', 'headers',
  'cut_after', 'cut', 'hang', 'malformed']);

function checked(behaviour = {}) {
  for (const field of Object.keys(behaviour)) {
    if (!FIELDS.has(field)) throw new Error(`control file: unknown behaviour "${field}"`);
  }
  return behaviour;
}

export class Control {
  constructor(file) {
    this.file = file;
    this.stamp = '';
    this.default = {};
    this.rules = [];
  }

  behaviour(request) {
    this.#refresh();
    for (const rule of this.rules) {
      if (rule.left === 0 || !matches(rule, request)) continue;
      if (rule.left !== undefined) rule.left -= 1;
      return { ...this.default, ...rule.then };
    }
    return this.default;
  }

  #refresh() {
    if (!this.file) return;
    let found;
    try {
      found = fs.statSync(this.file);
    } catch {
      return;
    }
    const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (stamp === this.stamp) return;
    const text = JSON.parse(fs.readFileSync(this.file, 'utf8'));
    this.default = checked(text.default);
    this.rules = (text.rules ?? []).map((rule) => ({ ...rule, then: checked(rule.then), left: rule.times }));
    this.stamp = stamp;
  }
}

function matches(rule, request) {
  if (rule.host && rule.host !== request.host) return false;
  if (rule.path && !request.path.startsWith(rule.path)) return false;
  return Object.entries(rule.header ?? {}).every(([name, value]) => request.headers[name.toLowerCase()] === value);
}
