import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const ask = (content) => client.chat.completions.create({
  model: 'simulated/m', stream: true, stream_options: { include_usage: true },
  messages: [{ role: 'user', content }],
});
let text = '', tokens = 0;
for await (const chunk of await ask('four words for you')) {
  text += chunk.choices[0]?.delta?.content ?? '';
  tokens = chunk.usage?.total_tokens ?? tokens;
}
console.log('text', text, tokens);
try { await ask('refuse me'); } catch (e) { console.log('refused', e.status, e.code); }
try {
  for await (const chunk of await ask('break here')) console.log('piece');
} catch (e) { console.log('broke', e.constructor.name, e.code ?? e.error?.code); }
const whole = await client.chat.completions.create({
  model: 'simulated/m', messages: [{ role: 'user', content: 'in one' }] });
console.log('whole', whole.choices[0].message.content);
