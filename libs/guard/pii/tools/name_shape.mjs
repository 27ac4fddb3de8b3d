// Trains how much a word looks like a name or a town: a logistic regression over hashed groups of three to five letters, the word's
// ends among them (name_shape.h reads it). Always the same result: the order of the words is that of a fixed generator.
const bits = 16;
const size = 1 << bits;

function random(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

export function features(word) {
  const text = `^${word}$`;
  const out = [];
  for (let at = 0; at + 3 <= text.length; ++at) {
    let hash = 0x811c9dc5;
    for (let n = 1; n <= 5 && at + n <= text.length; ++n) {
      hash = Math.imul(hash ^ text.charCodeAt(at + n - 1), 0x9e3779b1);
      hash ^= hash >>> 15;
      if (n >= 3) out.push((hash >>> 0) >>> (32 - bits));
    }
  }
  return out;
}

export function trainShape(names, dictionaries, english) {
  const dice = random(7);
  const known = new Set(names);
  const rows = names.map((word) => ({ word, name: 1, weight: 1 }));
  for (const { most, words } of dictionaries) {
    const share = Math.min(1, most / words.length);
    for (const word of words)
      if (word.length > 2 && word.length < 16 && !known.has(word) && dice() < share) rows.push({ word, name: 0, weight: 0 });
  }
  const positive = names.length, negative = rows.length - positive;
  for (const row of rows) row.weight = row.name ? rows.length / 2 / positive : rows.length / 2 / negative;
  for (let i = rows.length - 1; i > 0; --i) {
    const j = Math.floor(dice() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const cut = Math.floor(rows.length * 0.9);
  for (const row of rows) row.features = features(row.word);
  const weights = new Float64Array(size), squares = new Float64Array(size).fill(1e-4);
  const sum = (row, w) => row.features.reduce((s, f) => s + w[f], 0);
  for (let epoch = 0; epoch < 12; ++epoch)
    for (let i = 0; i < cut; ++i) {
      const row = rows[i];
      const wrong = (1 / (1 + Math.exp(-sum(row, weights))) - row.name) * row.weight;
      for (const f of row.features) {
        const step = wrong + 2e-4 * weights[f];
        squares[f] += step * step;
        weights[f] -= (0.08 * step) / Math.sqrt(squares[f]);
      }
    }
  const whole = Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w * 16))));
  const held = rows.slice(cut);
  const share = (list, right) => (list.filter(right).length / list.length).toFixed(3);
  for (const limit of [0, 1, 2, 3])
    console.error(`held back, at ${limit}: names ${share(held.filter((r) => r.name), (r) => sum(r, whole) / 16 > limit)}, words ` +
      `${share(held.filter((r) => !r.name), (r) => sum(r, whole) / 16 > limit)}, English words ` +
      `${share(held.filter((r) => !r.name && english.has(r.word)), (r) => sum(r, whole) / 16 > limit)}`);
  const lines = [];
  for (let at = 0; at < size; at += 64) lines.push(whole.slice(at, at + 64).join(",") + ",");
  return { table: lines.join("\n") + "\n", of: (word) => features(word).reduce((s, f) => s + whole[f], 0) };
}
