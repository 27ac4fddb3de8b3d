// Reads usage out of one JSON document of a response, whole or an event of a stream. Private to libs/dialect.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "dialect/usage.h"

namespace sluice::dialect {

struct Seen {
  Usage usage;
  bool failed = false;     // the document reports an error
  std::string error_text;  // at most 4 KiB
};

// Where the usage object stands depends on the document; all places are looked at, because their names are distinct:
//   OpenAI chat, completions, embeddings, Anthropic body   usage
//   Responses events                                       response.usage
//   Anthropic message_start                                message.usage
//   Gemini                                                 usageMetadata, response.usageMetadata (Code Assist)
// A Gemini body may be a list of such documents. Fields that are there replace what `seen` holds; others stay.
class UsageReader {
 public:
  UsageReader();
  ~UsageReader();
  // False when the text is not JSON; `seen` then holds what was read up to there.
  bool read(std::string_view json, Seen& seen);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace sluice::dialect
