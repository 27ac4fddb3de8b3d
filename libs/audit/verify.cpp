#include "audit/verify.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "audit/json_text.h"
#include "audit/segment.h"

namespace sluice::audit {
namespace {

using Json = nlohmann::ordered_json;

std::string_view without_end(std::string_view line) noexcept {
  while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

std::string at(std::string_view word, std::uint64_t sequence) {
  return std::string(word) + " " + std::to_string(sequence);
}

// Which record a line that does not check claims to be, so that the report can name it.
std::pair<std::string, std::uint64_t> claimed_place(std::string_view line) {
  const Json json = Json::parse(line.substr(0, line_limit), nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("record") || !json["record"].is_object()) return {};
  const Json& record = json["record"];
  const auto origin = record.find("origin"), sequence = record.find("sequence");
  return {origin != record.end() && origin->is_string() ? origin->get<std::string>() : std::string(),
          sequence != record.end() && sequence->is_number_unsigned() ? sequence->get<std::uint64_t>() : 0};
}

// A line of ours by how it begins, whether it checks or not.
bool is_of_audit(std::string_view line) noexcept {
  return line.starts_with(R"({"record":)") || line.starts_with(R"({"checkpoint":)") || is_header(line);
}

std::unexpected<Error> no_audit_file(std::string_view name) {
  return fail(ErrorCode::invalid_argument,
              std::string(name) + " is neither a segment of an audit spool nor an export of audit records");
}

// A broken record is an alarm; a file that never was of an audit must not raise it. One line of ours among others
// makes it one.
Result<bool> holds_audit_lines(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, path.string() + " cannot be read");
  bool empty = true;
  for (std::string line; std::getline(file, line); empty = empty && without_end(line).empty())
    if (is_of_audit(line)) return true;
  return empty;
}

// Segments, or where they may be instead.
Result<std::vector<std::filesystem::path>> segments_of(const std::filesystem::path& folder) {
  auto found = segment_files(folder);
  if (!found || !found->empty()) return found;
  std::string detail = folder.string() + " holds no segments (files like 00000000000000000001.log)";
  const auto below = segment_files(folder / "spool");
  detail += below && !below->empty() ? "; " + (folder / "spool").string() + " does"
                                     : "; a gateway and an agent keep them in state_dir/spool";
  return fail(ErrorCode::not_found, std::move(detail));
}

// Feeds the file; false when the chain broke. A last line without its end is the trace of a writer that was cut off.
Result<bool> feed_file(const std::filesystem::path& path, ChainVerifier& verifier, bool& incomplete) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, path.string() + " cannot be read");
  std::string line;
  while (std::getline(file, line)) {
    if (line.size() > line_limit) line.resize(line_limit + 1);
    if (file.eof() && line.starts_with('{') && !line.ends_with('}')) {
      incomplete = true;
      return true;
    }
    if (!verifier.add(line)) return false;
  }
  if (file.bad()) return fail(ErrorCode::io_failed, "reading " + path.string());
  return true;
}

}  // namespace

ChainVerifier::ChainVerifier(std::string checkpoint_key) : checkpoint_key_(std::move(checkpoint_key)) {}

void ChainVerifier::resume(std::string_view origin, std::uint64_t sequence, const Hash& hash) {
  ChainSummary summary;
  summary.last = sequence;
  summary.last_hash = hash;
  resumed_.insert_or_assign(std::string(origin), summary);
}

Result<void> ChainVerifier::broken(Error error, std::string origin, std::uint64_t sequence) {
  report_.broken = BrokenRecord{line_, std::move(origin), sequence, error.detail};
  return fail(std::move(error));
}

Result<void> ChainVerifier::add(std::string_view line) {
  ++line_;
  if (report_.broken) return fail(ErrorCode::bad_signature, "the chain is broken before this line");
  line = without_end(line);
  if (line.empty()) return {};
  if (line.starts_with(R"({"checkpoint":)")) return add_checkpoint(line);
  if (!is_header(line)) return add_record(line);
  auto header = parse_header(line);
  if (!header) return broken(header.error(), {}, 0);
  const auto known = report_.chains.find(header->origin);
  if (known == report_.chains.end()) return {};
  if (header->first != known->second.last + 1)
    return broken({ErrorCode::bad_signature, at("a segment begins with sequence", header->first) +
                                                 at(" after sequence", known->second.last) + ": records are missing"},
                  header->origin, header->first);
  return {};
}

Result<void> ChainVerifier::add_record(std::string_view line) {
  auto checked = check_line(line);
  if (!checked) {
    auto [claimed_origin, claimed_sequence] = claimed_place(line);
    return broken(checked.error(), std::move(claimed_origin), claimed_sequence);
  }
  const std::string& origin = checked->origin;
  const std::uint64_t sequence = checked->sequence;
  auto known = report_.chains.find(origin);
  const auto resumed = resumed_.find(origin);
  const bool begins = known == report_.chains.end();
  const ChainSummary* before = !begins ? &known->second : resumed != resumed_.end() ? &resumed->second : nullptr;
  if (before != nullptr && sequence != before->last + 1) {
    const std::string what =
        sequence <= before->last ? ": a record is repeated or out of order" : ": a record is missing";
    return broken({ErrorCode::bad_signature, at("sequence", sequence) + at(" follows", before->last) + what}, origin,
                  sequence);
  }
  if (before != nullptr && checked->previous != before->last_hash)
    return broken({ErrorCode::bad_signature, "it does not follow from the record before it"}, origin, sequence);
  if (before == nullptr && sequence == 1 && checked->previous != chain_start(origin))
    return broken({ErrorCode::bad_signature, "it is the first record but does not begin the chain"}, origin, sequence);
  if (begins) {
    known = report_.chains.emplace(origin, ChainSummary{}).first;
    known->second.first = sequence;
    known->second.from_start = sequence == 1;
  }
  known->second.last = sequence;
  known->second.last_hash = checked->hash;
  ++known->second.records;
  return {};
}

Result<void> ChainVerifier::add_checkpoint(std::string_view line) {
  auto checkpoint = verify_checkpoint(line, checkpoint_key_);
  if (!checkpoint) return broken(checkpoint.error(), {}, 0);
  const auto known = report_.chains.find(checkpoint->origin);
  if (known == report_.chains.end() || known->second.last != checkpoint->sequence) {
    // Only a checkpoint right behind its record can be compared; one for records that are not here says nothing.
    if (known == report_.chains.end() || checkpoint->sequence < known->second.first) return {};
    return broken({ErrorCode::bad_signature, at("the checkpoint is for sequence", checkpoint->sequence) +
                                                 at(", the chain stands at", known->second.last)},
                  checkpoint->origin, checkpoint->sequence);
  }
  if (known->second.last_hash != checkpoint->hash)
    return broken({ErrorCode::bad_signature, "the chain differs from its signed checkpoint"}, checkpoint->origin,
                  checkpoint->sequence);
  if (!checkpoint_key_.empty()) ++known->second.checkpoints;
  return {};
}

Result<VerifyReport> verify_path(const std::filesystem::path& path, std::string_view checkpoint_key) {
  ChainVerifier verifier{std::string(checkpoint_key)};
  std::vector<std::filesystem::path> files{path};
  if (std::filesystem::is_directory(path)) {
    auto found = segments_of(path);
    if (!found) return fail(found.error());
    files = std::move(*found);
  } else {
    const auto ours = holds_audit_lines(path);
    if (!ours) return fail(ours.error());
    if (!*ours) return no_audit_file(path.string());
  }
  bool incomplete = false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto fed = feed_file(files[i], verifier, incomplete);
    if (!fed) return fail(fed.error());
    if (!*fed) break;
  }
  VerifyReport report = verifier.report();
  report.incomplete_tail = incomplete;
  return report;
}

VerifyReport verify_text(std::string_view text, std::string_view checkpoint_key) {
  ChainVerifier verifier{std::string(checkpoint_key)};
  if (text.starts_with('[')) {
    const Json list = Json::parse(text, nullptr, false);
    if (!list.is_discarded()) {
      for (const Json& line : list)
        if (!verifier.add(line.dump(-1, ' ', false, Json::error_handler_t::replace))) break;
      return verifier.report();
    }
  }
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (!verifier.add(text.substr(0, end)) || end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return verifier.report();
}

std::string VerifyReport::to_text() const {
  std::string out;
  for (const auto& [origin, chain] : chains) {
    out += origin + ": " + std::to_string(chain.records) + " records, sequence " + std::to_string(chain.first) +
           " to " + std::to_string(chain.last);
    out += chain.from_start ? ", from the start of the chain" : ", what came before is not part of the input";
    if (chain.checkpoints != 0) out += ", " + std::to_string(chain.checkpoints) + " signed checkpoints";
    out += "\n";
  }
  if (incomplete_tail) out += "The last line is not whole: its writer was cut off. The spool drops it when it opens.\n";
  if (broken) {
    out += "BROKEN at line " + std::to_string(broken->line);
    if (!broken->origin.empty()) out += ", " + broken->origin + at(" sequence", broken->sequence);
    return out + ": " + broken->reason + "\n";
  }
  return out + (chains.empty() ? "There are no records.\n" : "Intact.\n");
}

std::string VerifyReport::to_json() const {
  Json json = {{"intact", intact()}, {"incomplete_tail", incomplete_tail}, {"chains", Json::array()}};
  for (const auto& [origin, chain] : chains) {
    std::string hash;
    append_hex(hash, tls::view(chain.last_hash));
    json["chains"].push_back({{"origin", origin},
                              {"first", chain.first},
                              {"last", chain.last},
                              {"records", chain.records},
                              {"checkpoints", chain.checkpoints},
                              {"from_start", chain.from_start},
                              {"last_hash", hash}});
  }
  if (broken)
    json["broken"] = {
        {"line", broken->line}, {"origin", broken->origin}, {"sequence", broken->sequence}, {"reason", broken->reason}};
  return json.dump();
}

}  // namespace sluice::audit
