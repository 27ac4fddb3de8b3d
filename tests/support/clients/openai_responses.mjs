// The npm package "openai": the Responses API, streamed. usage: openai_responses.mjs REQUEST_ID
import { failure, report } from './report.mjs';
import { load } from './resolve.mjs';

const { default: OpenAI } = await load('openai');
const client = new OpenAI({ apiKey: 'sk-lab-dummy', maxRetries: 0, timeout: 20_000 });
try {
  const stream = await client.responses.create({ model: 'gpt-5', input: 'Say hello.', stream: true },
    { headers: { 'x-request-id': process.argv[2] } });
  let text = '';
  let usage = null;
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.completed') usage = event.response.usage;
  }
  report({ text, usage });
} catch (problem) {
  report(failure(problem));
}
