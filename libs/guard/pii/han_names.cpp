#include "guard/pii/han_names.h"

#include <array>
#include <cstdint>

#include "guard/pii/characters.h"

namespace sluice::guard::pii {
namespace {

// The hundred most common surnames of China (Ministry of Public Security, 2020), with the traditional forms that
// differ, and the forty most common ones of Korea (Statistics Korea, census of 2015).
constexpr std::string_view chinese =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭葉蘇呂盧鐘譚陸賈鄒龍賀顧龔萬錢嚴";
constexpr std::string_view korean = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민";
// Words that take "さん" and are nobody's name.
constexpr std::string_view relatives = "皆客母父兄姉奥孫娘嫁医患業店";

enum class Script : std::uint8_t { none, han, kana, katakana, hangul };
struct Character {
  std::string_view bytes{};
  Script script = Script::none;
};

Script script_of(std::uint32_t code) noexcept {
  if (code >= 0x4E00 && code <= 0x9FFF) return Script::han;
  if ((code >= 0x30A1 && code <= 0x30FA) || code == 0x30FB || code == 0x30FC) return Script::katakana;
  if (code >= 0x3041 && code <= 0x3096) return Script::kana;
  return code >= 0xAC00 && code <= 0xD7A3 ? Script::hangul : Script::none;
}

// A character of three bytes; all scripts here have such.
Character character_at(std::string_view text, std::size_t at) noexcept {
  if (at + 3 > text.size() || (byte(text[at]) & 0xF0U) != 0xE0) return {};
  const std::uint32_t second = byte(text[at + 1]), third = byte(text[at + 2]);
  if ((second & 0xC0U) != 0x80 || (third & 0xC0U) != 0x80) return {};
  const std::uint32_t code = (byte(text[at]) & 0x0FU) << 12 | (second & 0x3FU) << 6 | (third & 0x3FU);
  return {text.substr(at, 3), script_of(code)};
}
Character character_before(std::string_view text, std::size_t end) noexcept {
  return end < 3 ? Character{} : character_at(text, end - 3);
}

std::size_t run_of(std::string_view text, std::size_t at, Script script, std::size_t most) noexcept {
  std::size_t count = 0;
  while (count < most && character_at(text, at + 3 * count).script == script) ++count;
  return count;
}
std::size_t run_before(std::string_view text, std::size_t end, Script script, std::size_t most) noexcept {
  std::size_t count = 0;
  while (count < most && character_before(text, end - 3 * count).script == script) ++count;
  return count;
}

HanName before_japanese(std::string_view text, std::size_t end) noexcept {
  if (const std::size_t kana = run_before(text, end, Script::katakana, 8); kana >= 2 && kana < 8)
    return {end - 3 * kana, end, 0.6F};
  const std::size_t count = run_before(text, end, Script::han, 5);
  if (count == 0 || count > 4) return {};
  const std::size_t start = end - 3 * count;
  if (count == 1 && relatives.contains(text.substr(start, 3))) return {};
  return {start, end, count == 1 ? 0.5F : 0.65F};
}

HanName before_korean(std::string_view text, std::size_t end) noexcept {
  if (run_before(text, end, Script::hangul, 4) != 3) return {};
  const std::size_t start = end - 9;
  // "이용자님" and its like: a user, a visitor, one who applies.
  if (!korean.contains(text.substr(start, 3)) || text.substr(start + 6, 3) == "자") return {};
  return {start, end, 0.65F};
}

HanName before_chinese(std::string_view text, std::size_t end) noexcept {
  const std::size_t run = run_before(text, end, Script::han, 3);
  for (std::size_t count = run; count > 0; --count)
    if (chinese.contains(text.substr(end - 3 * count, 3)))
      return {end - 3 * count, end, count == 3 ? 0.8F : count == 2 ? 0.7F : 0.55F};
  return {};
}

}  // namespace

std::size_t han_name_after(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && text[at] == ' ') ++at;
  switch (character_at(text, at).script) {
    case Script::han: {
      const std::size_t run = run_of(text, at, Script::han, 5);
      if (run >= 2 && run <= 4) return at + 3 * run;
      return run > 4 && chinese.contains(text.substr(at, 3)) ? at + 9 : at;
    }
    case Script::katakana: {
      const std::size_t run = run_of(text, at, Script::katakana, 16);
      return run >= 2 ? at + 3 * run : at;
    }
    case Script::hangul: {
      const std::size_t run = run_of(text, at, Script::hangul, 8);
      return run >= 2 && korean.contains(text.substr(at, 3)) ? at + 3 * (run == 2 ? 2 : 3) : at;
    }
    case Script::kana:
    case Script::none:
      return at;
  }
  return at;
}

HanName han_name_before(std::string_view text, std::size_t end) noexcept {
  for (const std::string_view korean_form : {" 씨", "씨", "님"})
    if (text.substr(0, end).ends_with(korean_form)) return before_korean(text, end - korean_form.size());
  if (text.substr(0, end).ends_with("さん")) return before_japanese(text, end - 6);
  return end >= 6 ? before_chinese(text, end - 6) : HanName{};
}

}  // namespace sluice::guard::pii
