// Guardrails in the pipeline: what goes to the provider, what comes back, what the client hears and what is recorded.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

import { Fixture, KEY, until } from './gateway_fixture.mjs';
import { virtualKey } from '../../support/console_double/console_double.mjs';

// Of GitHub's documented form with a right check sum; of nobody.
const SECRET = ['ghp', 'wQz7Rk2VfTn9LbXs4HdYc8MjGp5EaU2lP2Mv'].join('_');
const EMAIL = 'maria.keller@example.net';
const HASH_KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

const rule = (id, overrides) => ({ id, on: ['input'], detectors: [{ kind: 'custom', names: ['employee'] }], action: 'redact', ...overrides });
const guarded = (rules, more = {}) => ({
  guard_hash_key: HASH_KEY,
  guardrails: { rules, patterns: [{ id: 'employee', regex: '\\bEMP-[0-9]{6}\\b' }], ...more },
});

let gateway;
before(async () => {
  gateway = await Fixture.make({ snapshot: { virtual_keys: [virtualKey('vk_test', KEY, { team: 'research' }),
    virtualKey('vk_fleet', null, { fleet_default: true })] } });
});
after(async () => { await gateway?.close(); });

const ask = (content, more = {}) => gateway.chat({ model: 'openai/gpt-5', messages: [{ role: 'user', content }], ...more });
const lastBody = () => gateway.receivedBody(gateway.received().at(-1).id).toString();
const outcomes = async (answer) => {
  const { completion, refusal } = await gateway.audit(answer.headers['sluice-request-id'] ?? answer.headers['x-request-id']);
  return { record: completion ?? refusal, guardrails: (completion ?? refusal).guardrails };
};
const streamed = (answer) => answer.text.split('\n').filter((line) => line.startsWith('data: {'))
  .map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '').join('');

test('a redaction changes the matched bytes of the request and nothing else', async () => {
  await gateway.publish(guarded([rule('employees')]));
  const before = '{ "model":"openai/gpt-5",\n "messages":[{"role":"user","content":"caf\\u00e9 EMP-123456\\/x"}],  "unknown":1.0e2}';
  const answer = await gateway.chat(before);
  assert.equal(answer.status, 200);
  assert.equal(lastBody(), before.replace('openai/gpt-5', 'gpt-5').replace('EMP-123456', '[EMPLOYEE]'));
  const { guardrails } = await outcomes(answer);
  assert.deepEqual(guardrails, [{ rule: 'employees', action: 'redact', phase: 'input', found_by: 'employee', count: 1 }]);
  assert.match(await gateway.metrics(), /sluice_guardrail_outcomes_total\{rule="employees",phase="input",action="redact"\} 1\n/);
});

test('a compressed request goes on uncompressed when a rule changed it, and as it came when not', async () => {
  for (const [content, coded] of [['EMP-123456', false], ['nothing', true]]) {
    const body = zlib.gzipSync(JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }] }));
    const answer = await gateway.chat(body, { 'content-encoding': 'gzip' });
    assert.equal(answer.status, 200);
    const received = gateway.received().at(-1);
    assert.equal(received.headers.some(([name]) => name.toLowerCase() === 'content-encoding'), coded);
    const bytes = gateway.receivedBody(received.id);
    assert.equal(JSON.parse(coded ? zlib.gunzipSync(bytes) : bytes).messages[0].content, coded ? content : '[EMPLOYEE]');
  }
});

test('a blocked request never leaves, and the client reads which rule it was', async () => {
  await gateway.publish(guarded([rule('no-secrets', { name: 'No secrets', detectors: [{ kind: 'secrets' }], action: 'block' })]));
  const before = gateway.received().length;
  const answer = await ask(`deploy with ${SECRET} please`);
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error.code, 'guardrail_blocked');
  assert.match(answer.json.error.message, /^The rule "No secrets".*secret.*Ask it@example.org/);
  assert.ok(!answer.text.includes(SECRET));
  assert.equal(gateway.received().length, before);
  const { record, guardrails } = await outcomes(answer);
  assert.deepEqual([record.type, record.decision, guardrails[0].rule, guardrails[0].action], ['refusal', 'denied', 'no-secrets', 'block']);
  assert.ok(!JSON.stringify(record).includes(SECRET));
});

test('an intercepted app is refused in its own form', async () => {
  const answer = await gateway.asDevice({ host: 'api.anthropic.com', path: '/v1/messages', app: 'claude-code',
    body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 1, messages: [{ role: 'user', content: [
      { type: 'tool_result', tool_use_id: 'x', content: 'fine' }, { type: 'text', text: SECRET }] }] }) });
  assert.equal(answer.status, 400);
  assert.deepEqual([answer.json.type, answer.json.error.type], ['error', 'invalid_request_error']);
  assert.match(answer.json.error.message, /No secrets/);
});

test('a rule stands for whom it names: user, team, key and app', async () => {
  const blocked = async (scope, send) => {
    await gateway.publish(guarded([rule('r', { scope, action: 'block' })]));
    return (await send()).status === 400;
  };
  const api = () => ask('EMP-123456');
  const device = (app) => () => gateway.asDevice({ app, body: '{"model":"gpt-5","messages":[{"role":"user","content":"EMP-123456"}]}' });
  assert.equal(await blocked({ keys: ['vk_test'] }, api), true);
  assert.equal(await blocked({ keys: ['vk_other'] }, api), false);
  assert.equal(await blocked({ teams: ['research'] }, api), true);
  assert.equal(await blocked({ teams: ['sales'] }, api), false);
  assert.equal(await blocked({ users: ['alice'] }, device('curl')), true);
  assert.equal(await blocked({ users: ['bob'] }, device('curl')), false);
  assert.equal(await blocked({ apps: ['curl'] }, device('curl')), true);
  assert.equal(await blocked({ apps: ['codex'] }, device('curl')), false);
});

test('the record of a request names the team of its key, also when it was refused', async () => {
  await gateway.publish(guarded([rule('r', { action: 'block' })]));
  const taken = await gateway.audit((await ask('nothing')).headers['x-request-id'], ['completion']);
  assert.equal(taken.intent.team, 'research');
  assert.equal((await outcomes(await ask('EMP-123456'))).record.team, 'research');
});

test('shadow and flag record and change nothing', async () => {
  await gateway.publish(guarded([rule('watch', { action: 'shadow', on: ['input', 'output'] }), rule('see', { action: 'flag', on: ['input', 'output'] })]));
  gateway.control({ echo: true });
  for (const stream of [false, true]) {
    const answer = await ask('EMP-123456 and EMP-654321', { stream });
    assert.equal(stream ? streamed(answer) : answer.json.choices[0].message.content, 'EMP-123456 and EMP-654321');
    assert.match(lastBody(), /EMP-123456 and EMP-654321/);
    const { guardrails } = await outcomes(answer);
    assert.deepEqual(guardrails.map((one) => [one.rule, one.action, one.phase, one.count]).sort(), [
      ['see', 'flag', 'input', 2], ['see', 'flag', 'output', 2], ['watch', 'shadow', 'input', 2], ['watch', 'shadow', 'output', 2]]);
  }
});

test('an answer is redacted, streamed or not, wherever the stream cuts it', async () => {
  await gateway.publish(guarded([rule('answers', { on: ['output'] })]));
  for (const events of [1, 3, 7, 26]) {
    gateway.control({ answer: 'She is EMP-123456, I think.', events });
    for (const stream of [false, true]) {
      const answer = await ask('who?', { stream, stream_options: stream ? { include_usage: true } : undefined });
      assert.equal(answer.status, 200);
      assert.ok(!answer.text.includes('123456'));
      assert.equal(stream ? streamed(answer) : answer.json.choices[0].message.content, 'She is [EMPLOYEE], I think.');
      const { record, guardrails } = await outcomes(answer);
      assert.deepEqual(guardrails.map((one) => [one.rule, one.action, one.phase]), [['answers', 'redact', 'output']]);
      assert.ok(record.tokens.output > 0);
      if (stream && events > 3) assert.ok(record.guard_held_bytes > 0);
    }
  }
});

test('a stream that no rule looks at passes byte for byte and holds nothing', async () => {
  await gateway.publish(guarded([rule('questions', { on: ['input'] })]));
  gateway.control({ answer: 'She is EMP-123456, I think.', events: 9 });
  const answer = await ask('who?', { stream: true });
  assert.equal(streamed(answer), 'She is EMP-123456, I think.');
  const { record } = await outcomes(answer);
  assert.deepEqual([record.guardrails, 'guard_held_bytes' in record], [[], false]);
});

test('a blocked answer is a refusal, and a blocked stream ends with an error event and nothing of the match', async () => {
  await gateway.publish(guarded([rule('answers', { on: ['output'], action: 'block' })]));
  gateway.control({ answer: 'A first sentence. She is EMP-123456, I think.', events: 12 });
  const whole = await ask('who?');
  assert.deepEqual([whole.status, whole.json.error.code], [400, 'guardrail_blocked']);
  assert.ok(!whole.text.includes('EMP'));
  const cut = await ask('who?', { stream: true });
  assert.equal(cut.status, 200);
  assert.equal(cut.complete, true);
  assert.ok(!/EMP|123456|\[DONE\]/.test(cut.text));
  assert.equal(streamed(cut), 'A first sentence. She is');
  assert.match(cut.text, /guardrail_blocked/);
  assert.ok(cut.text.includes(JSON.stringify(whole.json.error.message)), 'the same sentence in both');
  for (const answer of [whole, cut]) {
    const { record } = await outcomes(answer);
    assert.deepEqual([record.type, record.decision], ['completion', 'denied']);
    assert.ok(record.tokens.input > 0 && record.tokens.output > 0, 'the provider charges for what it wrote');
    assert.equal(record.tokens.estimated, answer === cut ? true : undefined);
  }
});

test('reversible tokens hide a text from the provider and come back in the answer to the same request', async () => {
  await gateway.publish(guarded([rule('mails', { detectors: [{ kind: 'pii', types: ['email'] }], redaction: 'token' })]));
  gateway.control({ echo: true, events: 11 });
  for (const stream of [false, true]) {
    const answer = await ask(`write to ${EMAIL} today`, { stream });
    assert.ok(!lastBody().includes(EMAIL));
    assert.match(lastBody(), /write to \[EMAIL-[0-9a-f]{16}\] today/);
    assert.equal(stream ? streamed(answer) : answer.json.choices[0].message.content, `write to ${EMAIL} today`);
  }
  const other = await ask(lastBody().match(/\[EMAIL-[0-9a-f]{16}\]/)[0]);
  assert.ok(!other.text.includes(EMAIL));
});

test('the history of a conversation is scanned once', async () => {
  await gateway.publish(guarded([rule('employees')]));
  gateway.control({});
  const remembered = async () => Number((await gateway.metrics()).match(/sluice_guardrail_texts_remembered_total (\d+)/)[1]);
  const long = `${'The long history of a conversation. '.repeat(30)}EMP-123456`;
  const before = await remembered();
  // Two workers serve the connections; each has seen the text after a few turns.
  for (let turn = 0; turn < 12; ++turn) {
    const answer = await ask(long);
    assert.equal(answer.status, 200);
    assert.ok(!lastBody().includes('EMP-123456'));
  }
  assert.ok(await remembered() >= before + 10);
});

test('a check that cannot run blocks or passes by its rule, and is recorded as not checked', async () => {
  for (const [on_failure, status] of [['block', 400], ['pass', 200]]) {
    await gateway.publish(guarded([rule('answers', { on: ['output'], on_failure })]));
    gateway.control({ malformed: 'json' });
    const answer = await ask('who?');
    assert.equal(answer.status, status);
    const { guardrails } = await outcomes(answer);
    assert.deepEqual([guardrails[0].rule, guardrails[0].action, guardrails[0].phase], ['answers', 'not_checked', 'output']);
  }
  gateway.control({});
});

test('guardrails that cannot be enforced are refused with their field, and the policy in force stays', async () => {
  await gateway.publish(guarded([rule('employees')]));
  const refused = async () => Number((await gateway.metrics()).match(/sluice_snapshots_refused_total (\d+)/)[1]);
  const before = await refused();
  gateway.console.publish({ ...gateway.payload, version: gateway.payload.version + 1,
    ...guarded([rule('employees')], { patterns: [{ id: 'employee', regex: '(' }] }) });
  const { until } = await import('./gateway_fixture.mjs');
  await until('the refusal', async () => await refused() > before);
  assert.match(gateway.log.join(''), /patterns\[0\]\.regex/);
  await ask('EMP-123456');
  assert.match(lastBody(), /\[EMPLOYEE\]/);
  gateway.payload.version += 1;
});

// A company's own check: finds "Project Heron" and keeps what it was asked.
function heronService() {
  const service = { asked: [], answer: null };
  service.server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const question = JSON.parse(Buffer.concat(pieces).toString());
      service.asked.push(question);
      const findings = question.texts.flatMap(({ id, text }) => {
        const start = [...text].join('').indexOf('Project Heron');
        return start < 0 ? [] : [{ text: id, start, end: start + 13, type: 'topic', category: 'codename' }];
      });
      const answer = () => {
        response.writeHead(service.answer ?? 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ findings }));
      };
      if (service.hold) service.hold(answer);
      else answer();
    });
  });
  return new Promise((ready) => { service.server.listen(0, '127.0.0.1', () => ready(service)); });
}

const outside = (service, rules) => ({ ...guarded(rules, { providers: ['heron'] }),
  guard_providers: [{ id: 'heron', kind: 'webhook', url: `http://127.0.0.1:${service.server.address().port}/check`,
    credential: '', options: {}, timeout_ms: 5000, calls_per_minute: 600, breaker_failures: 100, breaker_open_seconds: 1 }] });
const heron = (more) => rule('heron-rule', { on: ['input', 'tool_results'], detectors: [{ kind: 'external', names: ['heron'] }], ...more });

test('an external provider sees what local rules left, and what it finds is redacted', async () => {
  const service = await heronService();
  try {
    await gateway.publish(outside(service, [rule('employees'), heron()]));
    gateway.control({});
    const answer = await ask('EMP-123456 leads Project Heron.');
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(lastBody()).messages[0].content, '[EMPLOYEE] leads [TOPIC].');
    assert.ok(service.asked.length > 0);
    assert.ok(!JSON.stringify(service.asked).includes('EMP-123456'));
    const { guardrails } = await outcomes(answer);
    assert.deepEqual(guardrails.map((one) => [one.rule, one.action, one.found_by]).sort(),
      [['employees', 'redact', 'employee'], ['heron-rule', 'redact', 'heron/codename']]);
  } finally {
    service.server.close();
  }
});

test('a text that a provider found clean is not sent to it again', async () => {
  const service = await heronService();
  try {
    await gateway.publish(outside(service, [heron()]));
    const asked = async () => {
      assert.equal((await ask('Nothing to see here.')).status, 200);
      return service.asked.length;
    };
    for (let turn = 0; turn < 12; ++turn) await asked();
    // One question for each of the two workers at most.
    assert.ok(service.asked.length <= 2, `${service.asked.length} questions`);
  } finally {
    service.server.close();
  }
});

test('a provider that fails blocks or passes by its rule, and is recorded as not checked with the reason', async () => {
  const service = await heronService();
  service.answer = 500;
  try {
    for (const [on_failure, status] of [['block', 400], ['pass', 200]]) {
      await gateway.publish(outside(service, [heron({ on_failure })]));
      const answer = await ask('Project Heron');
      assert.equal(answer.status, status);
      const { guardrails } = await outcomes(answer);
      assert.deepEqual([guardrails[0].rule, guardrails[0].action, guardrails[0].found_by], ['heron-rule', 'not_checked', 'vendor_failed']);
    }
  } finally {
    service.server.close();
  }
});

test('a provider that only flags answers is asked about whole ones, and says so of streamed ones', async () => {
  const service = await heronService();
  try {
    await gateway.publish(outside(service, [heron({ on: ['output'], action: 'flag' })]));
    gateway.control({ answer: 'It is Project Heron.' });
    const whole = await ask('who?');
    assert.equal(whole.json.choices[0].message.content, 'It is Project Heron.');
    assert.deepEqual((await outcomes(whole)).guardrails.map((one) => [one.action, one.found_by]), [['flag', 'heron/codename']]);
    const stream = await ask('who?', { stream: true });
    assert.equal(streamed(stream), 'It is Project Heron.');
    assert.deepEqual((await outcomes(stream)).guardrails.map((one) => [one.action, one.found_by]), [['not_checked', 'streamed']]);
  } finally {
    service.server.close();
  }
});

test('a provider that looks at answers does not see what a token was restored to', async () => {
  const service = await heronService();
  try {
    await gateway.publish(outside(service, [rule('employees', { redaction: 'token' }), heron({ on: ['output'], action: 'flag' })]));
    gateway.control({ echo: true });
    const answer = await ask('EMP-123456 leads Project Heron.');
    assert.match(answer.json.choices[0].message.content, /EMP-123456 leads Project Heron/);
    assert.ok((await outcomes(answer)).guardrails.some((one) => one.found_by === 'heron/codename'));
    assert.match(JSON.stringify(service.asked), /\[EMPLOYEE-[0-9a-f]+\] leads/);
    assert.ok(!JSON.stringify(service.asked).includes('EMP-123456'));
  } finally {
    service.server.close();
  }
});

const twoSurfaces = () => ask('Project Heron one', { messages: [{ role: 'user', content: 'Project Heron one' },
  { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }] },
  { role: 'tool', tool_call_id: 'c1', content: 'Project Heron two' }] });

test('the checks of a request run side by side: nobody waits for another provider or surface', async () => {
  const services = [await heronService(), await heronService()];
  // Nobody is answered before all four questions are there.
  let held = [];
  for (const service of services)
    service.hold = (answer) => {
      held.push(answer);
      if (held.length === 4) { held.forEach((go) => go()); held = []; }
    };
  try {
    const both = outside(services[0], [heron(), heron({ id: 'second-rule', action: 'flag', detectors: [{ kind: 'external', names: ['second'] }] })]);
    both.guardrails.providers.push('second');
    both.guard_providers.push({ ...outside(services[1], []).guard_providers[0], id: 'second' });
    await gateway.publish(both);
    gateway.control({});
    const answer = await twoSurfaces();
    assert.equal(answer.status, 200);
    assert.deepEqual((await outcomes(answer)).guardrails.map((one) => [one.rule, one.action, one.phase]), [
      ['heron-rule', 'redact', 'input'], ['second-rule', 'flag', 'input'],
      ['heron-rule', 'redact', 'tool_results'], ['second-rule', 'flag', 'tool_results']]);
  } finally {
    for (const service of services) service.server.close();
  }
});

test('a check that a breaker held back while another one of the request tried has its turn', async () => {
  const service = await heronService();
  service.answer = 500;
  try {
    const policy = outside(service, [heron({ on_failure: 'pass' })]);
    policy.guard_providers[0].breaker_failures = 1;
    await gateway.publish(policy);
    gateway.control({});
    const checked = async () => (await outcomes(await twoSurfaces())).guardrails.filter((one) => one.action === 'redact').length;
    for (let turn = 0; turn < 12; ++turn) assert.equal(await checked(), 0);
    service.answer = 200;
    assert.equal(await until('the breaker to close', checked), 2);
  } finally {
    service.server.close();
  }
});

test('a check that had to wait for the breaker has what is left of the time-out: time-outs do not add up', async () => {
  const service = await heronService();
  service.answer = 500;
  try {
    const policy = outside(service, [heron({ on_failure: 'pass' })]);
    const [timeOut, late] = [5000, 3000];
    Object.assign(policy.guard_providers[0], { breaker_failures: 1, timeout_ms: timeOut });
    await gateway.publish(policy);
    gateway.control({});
    for (let turn = 0; turn < 12; ++turn) await twoSurfaces();
    service.answer = 200;
    // The one that tries is answered late, the one that waited for it never. Each round counts for itself: one in which a
    // busy machine was too slow closes nothing, and the breaker tries again.
    let round;
    service.hold = (answer) => {
      const current = round;
      if (++current.asked === 1) setTimeout(() => { current.answered = true; answer(); }, late);
      else current.waited = current.answered;
    };
    await until('the breaker to try, and both checks to end in one time-out', async () => {
      round = { asked: 0, answered: false, waited: false };
      const began = performance.now();
      const { guardrails } = await outcomes(await twoSurfaces());
      const elapsed = performance.now() - began;
      const actions = guardrails.map((one) => [one.action, one.found_by].join(' ')).sort();
      return round.asked === 2 && round.waited && elapsed < late + timeOut - 500
        && actions.join() === 'not_checked timed_out,redact heron/codename';
    }, 45000);
  } finally {
    service.server.closeAllConnections();
    service.server.close();
  }
});
