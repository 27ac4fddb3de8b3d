// Writes libs/guard/pii/register.inc (given names, surnames and towns of the locales of @faker-js/faker) and
// libs/guard/pii/name_shape.inc (how much a word looks like a name, by its letters):
//   apt-get download wamerican wdanish wdutch wfrench witalian wngerman wpolish wportuguese wspanish wswedish
//   for f in *.deb; do dpkg -x "$f" /tmp/dictionaries; done
//   npm ci --ignore-scripts && npm run --silent register -- /tmp/dictionaries/usr/share/dict
// The dictionaries only say which names are ordinary words as well, and are what names are told from; no list of their
// words is written. REGISTER(what, "words"): what is a letter of each of given, surname, town; '+' marks words that some
// dictionary has in small letters. Entries of several words are separated by '|'.
import { readFileSync, writeFileSync } from "node:fs";
import { allLocales } from "@faker-js/faker";
import { fold, inLatin } from "./fold.mjs";
import { trainShape } from "./name_shape.mjs";

const version = JSON.parse(readFileSync(new URL("node_modules/@faker-js/faker/package.json", import.meta.url))).version;
const dictionaries = process.argv[2];
if (!dictionaries) throw new Error("the folder of the dictionaries is missing");

const files = { "american-english": "utf8", danish: "utf8", dutch: "utf8", french: "utf8", italian: "utf8", ngerman: "utf8",
  polish: "utf8", portuguese: "utf8", spanish: "utf8", swedish: "latin1" };
const words = Object.fromEntries(Object.entries(files).map(([name, encoding]) =>
  [name, readFileSync(`${dictionaries}/${name}`, encoding).split("\n").filter((w) => w && !w.includes("'"))]));
const small = (list) => list.filter((w) => w === w.toLowerCase());
// Every inflected form of Polish, Danish and Dutch holds most names by accident; the shorter lists say what is common.
const ordinary = new Set(["american-english", "french", "italian", "spanish", "portuguese", "swedish"].flatMap((name) =>
  small(words[name]).map(fold)));
const english = new Set(small(words["american-english"]).map(fold));

const flat = (value) => (!value ? [] : Array.isArray(value) ? value.filter((v) => typeof v === "string") : Object.values(value).flatMap(flat));
const cased = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}'’ .-]+$/u;
const begins = /^\p{Lu}\p{Ll}/u;

// Which letters of its kinds each folded entry has.
const entries = new Map();
const note = (text, kind) => {
  const key = fold(text.replace(/’/g, "'").trim());
  if (key.length < 3 || Buffer.byteLength(key) > 40) return;
  entries.set(key, (entries.get(key) ?? new Set()).add(kind));
};
const single = (text) => /^[\p{L}'’-]+$/u.test(text);
for (const [locale, data] of Object.entries(allLocales)) {
  if (locale === "en_BORK" || locale === "en_AU_ocker" || locale === "eo") continue;
  const person = data.person ?? {};
  const take = (list, kind) => {
    for (const text of flat(list)) if (cased.test(text) && begins.test(text) && single(text)) note(text, kind);
  };
  take(person.first_name, "g");
  take(person.last_name, "s");
  for (const text of flat(data.location?.city_name))
    if (cased.test(text) && begins.test(text) && !text.includes(".") && text.split(" ").length <= 4) note(text, "t");
}
for (const [key, kinds] of entries)
  if (!key.includes(" ") && (ordinary.has(key) || (kinds.has("t") && kinds.size > 1 && english.has(key)))) kinds.add("+");

const names = [...entries].filter(([key, kinds]) => !key.includes(" ") && inLatin(key));
// German has its nouns with capitals; of the other languages a capitalised word is ordinary at the start of a sentence only.
const nouns = words.ngerman.filter((w) => w !== w.toLowerCase() && w !== w.toUpperCase());
const negatives = Object.entries(words).map(([name, list]) => ({
  most: name === "american-english" ? Infinity : name === "ngerman" ? 30000 : 4000,
  words: [...new Set((name === "ngerman" ? nouns.filter((w) => w.length < 10) : small(list)).map(fold))].filter(inLatin) }));
const shape = trainShape(names.map(([key]) => key), negatives, english);
// English words that the letters alone take for names.
for (const word of english)
  if (inLatin(word) && word.length > 2 && word.length < 16 && !entries.has(word) && shape.of(word) > -8) entries.set(word, new Set(["+"]));

const rows = new Map();
for (const [key, kinds] of entries) {
  const what = ["g", "s", "t", "+"].filter((kind) => kinds.has(kind)).join("") + (key.includes(" ") ? "|" : "");
  if (what.endsWith("|")) kinds.has("t") && (rows.get("t|") ?? rows.set("t|", []).get("t|")).push(key);
  else (rows.get(what) ?? rows.set(what, []).get(what)).push(key);
}
const lines = [];
for (const [what, keys] of [...rows].sort()) {
  keys.sort();
  const separator = what.endsWith("|") ? "|" : " ";
  for (let at = 0, line = ""; at <= keys.length; ++at) {
    const length = line.length + (keys[at]?.length ?? 0);
    if (at === keys.length || length > 1900) {
      if (line) lines.push(`REGISTER("${what.replace("|", "")}", ${JSON.stringify(line)})`);
      line = "";
    }
    if (at < keys.length) line += (line ? separator : "") + keys[at];
  }
}
const head = (what) => `// Generated by tools/generate_register.mjs from @faker-js/faker ${version} (MIT)${what}. Do not edit.\n// clang-format off\n`;
writeFileSync(new URL("../register.inc", import.meta.url), head(" and SCOWL, the word lists of wamerican") + lines.join("\n") + "\n");

writeFileSync(new URL("../name_shape.inc", import.meta.url), head(" and Debian's word lists") + shape.table);
console.error(`${entries.size} entries:`, Object.fromEntries([...rows].map(([what, keys]) => [what, keys.length])));
