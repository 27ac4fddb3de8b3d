// What Lexicon::find() makes of a word (lexicon.cpp, fold): small letters, Latin ones of U+00C0 to U+017F without their
// marks.
const latin1 = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";
const latinA = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln" +
  "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

export function fold(text) {
  return [...text.normalize("NFC")].map((c) => {
    const code = c.codePointAt(0);
    if (c === "ß") return "ss";
    if (code >= 0xc0 && code <= 0xff) return latin1[code - 0xc0];
    if (code >= 0x100 && code <= 0x17f) return latinA[code - 0x100];
    return c.toLowerCase();
  }).join("");
}
export const inLatin = (key) => /^[a-z'-]+$/.test(key);
