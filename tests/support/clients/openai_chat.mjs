// The npm package "openai": a chat completion, not streamed. usage: openai_chat.mjs REQUEST_ID
import { failure, report } from './report.mjs';
import { load } from './resolve.mjs';

const { default: OpenAI } = await load('openai');
const client = new OpenAI({ apiKey: 'sk-lab-dummy', maxRetries: 0, timeout: 20_000 });
try {
  const { data, response } = await client.chat.completions.create({ model: 'gpt-5',
    messages: [{ role: 'user', content: 'Say hello.' }] },
  { headers: { 'x-request-id': process.argv[2] } }).withResponse();
  report({ text: data.choices[0].message.content, usage: data.usage, request_id: data._request_id,
    headers: [...response.headers] });
} catch (problem) {
  report(failure(problem));
}
