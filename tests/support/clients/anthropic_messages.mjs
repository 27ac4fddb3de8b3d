// The npm package "@anthropic-ai/sdk": a message, streamed. usage: anthropic_messages.mjs REQUEST_ID
import { failure, report } from './report.mjs';
import { load } from './resolve.mjs';

const { default: Anthropic } = await load('@anthropic-ai/sdk');
const client = new Anthropic({ apiKey: 'sk-ant-lab-dummy', maxRetries: 0, timeout: 20_000 });
try {
  const stream = await client.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 100, stream: true,
    messages: [{ role: 'user', content: 'Say hello.' }] }, { headers: { 'x-request-id': process.argv[2] } });
  let text = '';
  let usage = null;
  for await (const event of stream) {
    if (event.type === 'content_block_delta') text += event.delta.text;
    if (event.type === 'message_delta') usage = event.usage;
  }
  report({ text, usage });
} catch (problem) {
  report(failure(problem));
}
