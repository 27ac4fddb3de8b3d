#include "guard/pii/introductions.h"

#include <algorithm>
#include <optional>

#include "guard/pii/characters.h"
#include "guard/pii/han_names.h"

namespace sluice::guard::pii {
namespace {

constexpr IntroductionRow rows[] = {
    {Introduction::label,
     R"((?:\b(?:patient|customer|client|employee|contact(?: person)?|attn|attention|applicant|tenant|landlord|recipient|sender|signed|signature|author|manager|beneficiary|account holder|card ?holder|policy ?holder|insured|guest|passenger|student|candidate|kunde|kundin|mitarbeiter|mitarbeiterin|patientin|ansprechpartner|antragsteller|empf\xc3\xa4nger|absender|nom|nom et pr\xc3\xa9nom|destinataire|nombre|nombre y apellidos|cliente|paciente|empleado|destinatario|nome|nome e cognome|paziente|dipendente|naam|klant|imi\xc4\x99 i nazwisko|klient|namn|kund|navn|nimi|asiakas|n\xc3\xa9v|jm\xc3\xa9no|z\xc3\xa1kazn\xc3\xadk|ad soyad|ad\xc4\xb1 soyad\xc4\xb1|nume)|имя|Имя|ФИО|клиент|Клиент|пациент|Пациент|όνομα|Όνομα) ?: ?)",
     true},
    {Introduction::greeting,
     R"(\b(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|liebe|lieber|hallo|guten tag|cher|ch\xc3\xa8re|bonjour|querido|querida|estimado|estimada|hola|caro|cara|gentile|ciao|prezado|prezada|ol\xc3\xa1|beste|geachte|drogi|droga|hej|k\xc3\xa6re|kj\xc3\xa6re|kedves|v\xc3\xa1\xc5\xbeen\xc3\xbd|v\xc3\xa1\xc5\xbeen\xc3\xa1|say\xc4\xb1n|merhaba) )",
     true},
    {Introduction::closing,
     R"((?:\b(?:regards|sincerely|cheers|best wishes|yours truly|yours faithfully|many thanks|thanks|thank you|gr\xc3\xbc\xc3\x9fe|gr\xc3\xbc\xc3\x9f\x65n|cordialement|bien \xc3\xa0 vous|saludos|atentamente|cordiali saluti|distinti saluti|atenciosamente|abra\xc3\xa7os|groeten|groet|pozdrawiam|h\xc3\xa4lsningar|hilsen|terveisin|s pozdravem|sayg\xc4\xb1lar\xc4\xb1mla)|üdvözlettel|Üdvözlettel|с уважением|С уважением)[,.!]?[ \t\r]?\n\r?\n?)",
     true},
    // Languages beside those of the first-person introductions in pii.cpp; Arabic, Hebrew, Hindi and Thai have no
    // capitals that the sweep could see.
    {Introduction::spoken,
     R"((?:\b(?:m\xc4\x83 numesc|numele meu este|jmenuji se|vol\xc3\xa1m sa|zovem se|moje ime je|mano vardas|mani sauc|minu nimi on|\xc3\xa9g heiti|a nevem|benim ad\xc4\xb1m|t\xc3\xaan t\xc3\xb4i l\xc3\xa0|t\xc3\xb4i t\xc3\xaan l\xc3\xa0|nama saya|jina langu ni|ang pangalan ko ay) |меня зовут |моё имя |мое имя |Меня зовут |Мене звати |мене звати |казвам се |με λένε |ονομάζομαι |господин |госпожа |اسمي |إسمي |السيد |السيدة |الدكتور |الدكتورة |שמי |קוראים לי |मेरा नाम |श्री |श्रीमती |ผมชื่อ|ฉันชื่อ|นางสาว))",
     true},
    {Introduction::spoken_cjk,
     "(?:我叫|我的名字是|我的名字叫|姓名:|姓名:|姓名: "
     "|联系人:|聯絡人:|收件人:|私の名前は|名前は|氏名:|氏名:|お名前:|제 이름은 "
     "|내 이름은 |이름: |이름:|성명: |성명:|성함은 )",
     false},
    {Introduction::honorific_cjk, "(?:先生|女士|小姐|教授|博士|老师|老師|さん| 씨|씨|님)", false},
};

void add(std::vector<Finding>& findings, std::string_view rule, std::string_view type, std::size_t start,
         std::size_t end, float score) {
  findings.push_back(
      {Detector::pii, rule, type, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), score, false});
}

struct Name {
  std::size_t start = 0, end = 0;
  std::size_t words = 0;
  bool given = false;
  bool company = false;
};

// Capitalised words from `at` on, with particles between them; up to four.
Name read_name(const Lexicon& lexicon, std::string_view text, std::size_t at) {
  Name name{at, at};
  std::size_t next = at;
  for (int tries = 0; tries < 6 && name.words < 4; ++tries) {
    std::size_t to = next;
    while (const std::size_t n = letter(text, to)) to += n;
    while (to < text.size() && (text[to] == '\'' || text[to] == '-') && letter(text, to + 1) != 0 && to - next < 40)
      for (++to; const std::size_t n = letter(text, to);) to += n;
    if (to == next || to - next > 40) break;
    const Flags flags = lexicon.find(text.substr(next, to - next));
    if (to < text.size() && (is_digit(text[to]) || text[to] == '_')) break;
    const bool particle = (flags & flag::particle) != 0 && !capital(text, next);
    if (!particle && !capital(text, next)) break;
    if (!particle) {
      if ((flags & flag::common) != 0 && (flags & (flag::given | flag::company | flag::institution)) == 0) break;
      ++name.words;
      name.end = to;
      name.given = name.given || ((flags & flag::given) != 0 && (flags & flag::ambiguous) == 0);
      name.company = name.company || (flags & (flag::company | flag::institution | flag::organization)) != 0;
      if ((flags & flag::title) != 0) --name.words;
    }
    const bool abbreviated = to < text.size() && text[to] == '.' && to - next <= 4;
    next = to + (abbreviated ? 1 : 0);
    if (next >= text.size() || text[next] != ' ') break;
    ++next;
  }
  return name;
}

bool ends_line(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '.')) ++at;
  return at == text.size() || text[at] == '\n';
}

// A word of a script without capitals, or a capitalised one: its end, `at` when there is none.
std::size_t spoken_word(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  const bool cased = letter(text, at) != 0;
  if (cased && !capital(text, at)) return begin;
  while (at < text.size() && at - begin < 60) {
    const std::uint8_t b = byte(text[at]);
    if (cased) {
      const std::size_t n = letter(text, at);
      if (n == 0 && text[at] != '-' && text[at] != '\'') break;
      at += n == 0 ? 1 : n;
    } else {
      // Arabic comma and stop, and everything that is no letter of two or three bytes, end a word.
      if (b < 0x80 || (b == 0xD8 && at + 1 < text.size() && (byte(text[at + 1]) == 0x8C || byte(text[at + 1]) == 0x9B)))
        break;
      ++at;
    }
  }
  return at;
}

std::size_t confirm_spoken(std::string_view text, std::size_t end, std::vector<Finding>& findings) {
  std::size_t at = end, stop = end;
  const bool cased = letter(text, end) != 0;
  for (int words = 0; words < (cased ? 3 : 2); ++words) {
    const std::size_t to = spoken_word(text, at);
    // "है" and "हूँ" end a Hindi sentence: the verb, no name.
    if (to == at || text.substr(at, to - at) == "है" || text.substr(at, to - at) == "हूँ") break;
    stop = to;
    if (to >= text.size() || text[to] != ' ') break;
    at = to + 1;
  }
  if (stop > end + 1) add(findings, "spoken_introduction", "person", end, stop, 0.75F);
  return stop;
}

}  // namespace

std::span<const IntroductionRow> introduction_rows() noexcept {
  return rows;
}

std::string open_expression(const IntroductionRow& row) {
  // Capitalised words, and small ones as long as a particle can be.
  constexpr std::string_view name =
      R"((?:(?:[A-Z\x80-\xff][A-Za-z\x80-\xff'\-]{0,60}|[a-z\x80-\xff]{1,6})\.? ){0,6}(?:[A-Za-z\x80-\xff][A-Za-z\x80-\xff'\-]{0,60}\.?)?)";
  std::string out = row.caseless ? "(?i:" : "(?:";
  out.append(row.regex).append(")");
  switch (row.kind) {
    case Introduction::label:
    case Introduction::greeting:
      return out.append(name);
    case Introduction::closing:
      return out.append(name).append(R"([ \t\r.]*)");
    case Introduction::spoken:
      return out.append(R"((?:[A-Za-z\x80-\xff'\-]{1,62} ){0,2}(?:[A-Za-z\x80-\xff'\-]{1,62})?)");
    case Introduction::spoken_cjk:
      return out.append(R"( *[\x80-\xff]{0,51})");
    case Introduction::honorific_cjk:
      break;
  }
  return {};
}

std::size_t confirm_introduction(Introduction kind, const Lexicon& lexicon, std::string_view text, std::size_t end,
                                 std::vector<Finding>& findings) {
  switch (kind) {
    case Introduction::spoken:
      return confirm_spoken(text, end, findings);
    case Introduction::spoken_cjk: {
      const std::size_t stop = han_name_after(text, end);
      if (stop > end) add(findings, "spoken_introduction", "person", end, stop, 0.8F);
      return stop;
    }
    case Introduction::honorific_cjk: {
      const HanName name = han_name_before(text, end);
      if (name.score > 0) add(findings, "honorific", "person", name.start, name.end, name.score);
      return end;
    }
    case Introduction::label:
    case Introduction::greeting:
    case Introduction::closing:
      break;
  }
  const Name name = read_name(lexicon, text, end);
  if (name.words == 0 || name.end - name.start < 2) return end;
  const char after = name.end < text.size() ? text[name.end] : '\n';
  if (kind == Introduction::label) {
    if (name.company)
      add(findings, "labelled_name", "organization", name.start, name.end, 0.6F);
    else
      add(findings, "labelled_name", "person", name.start, name.end, name.words > 1 || name.given ? 0.75F : 0.45F);
  } else if (kind == Introduction::greeting) {
    // "Hello World" and "Dear Customer" are no names; what is one mostly has a comma or the line's end behind it.
    const bool addressed = std::string_view(",!:;\n\r").contains(after);
    if (!name.company && (addressed || name.given))
      add(findings, "greeted_name", "person", name.start, name.end, name.given || name.words > 1 ? 0.75F : 0.6F);
  } else if (!name.company && name.words <= 3 && ends_line(text, name.end)) {
    add(findings, "signed_name", "person", name.start, name.end, 0.75F);
  }
  return name.end;
}

void name_of_mailbox(const Lexicon& lexicon, std::string_view text, std::size_t bracket,
                     std::vector<Finding>& findings) {
  std::size_t end = bracket;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"')) --end;
  // Back over capitalised words and the particles between them, four at most.
  std::size_t start = end, at = end;
  int words = 0;
  bool given = false;
  for (int tries = 0; tries < 6 && words < 4; ++tries) {
    std::size_t from = at;
    while (from > 0 && at - from < 40 &&
           ((is_word_byte(text[from - 1]) && !is_digit(text[from - 1])) ||
            std::string_view(".-'").contains(text[from - 1])))
      --from;
    if (from == at) break;
    const Flags flags = lexicon.find(text.substr(from, at - from));
    if (capital(text, from) && ((flags & flag::common) == 0 || (flags & flag::given) != 0)) {
      start = from;
      ++words;
      given = given || (flags & flag::given) != 0;
    } else if ((flags & flag::particle) == 0) {
      break;
    }
    if (from == 0 || text[from - 1] != ' ') break;
    at = from - 1;
  }
  if (words > 0) add(findings, "mailbox_name", "person", start, end, words > 1 || given ? 0.85F : 0.5F);
}

}  // namespace sluice::guard::pii
