// Private to libs/http: the server side of one connection.
#pragma once
#include <optional>
#include <string>

#include "http/connection.h"
#include "http/connection_input.h"

namespace sluice::http {

class ServerExchange final : public Exchange {
 public:
  ServerExchange(net::ByteStream& stream, ConnectionInput& input, const Limits& limits);

  [[nodiscard]] const RequestHead& request() const noexcept override { return head_; }
  [[nodiscard]] Framing framing() const noexcept override { return input_.parser.framing(); }
  Task<Result<std::string_view>> read_body() override;
  Task<Result<std::string>> read_whole_body(std::size_t limit) override;
  Task<Result<void>> drain_body(std::size_t limit) override;
  [[nodiscard]] SteadyPoint request_read_at() const noexcept override { return read_at_; }
  Task<Result<void>> respond(ResponseHead head, std::string_view body) override;
  Task<Result<void>> start_response(ResponseHead head, std::string_view first) override;
  Task<Result<void>> write_body(std::string_view piece) override;
  Task<Result<void>> finish_response(std::string_view last) override;
  [[nodiscard]] bool response_started() const noexcept override { return stage_ != Stage::before; }
  void close_after() noexcept override { keep_ = false; }
  void abort() noexcept override;
  [[nodiscard]] net::ByteStream& stream() noexcept override { return stream_; }

  // True when the connection can take another request: everything read, everything answered.
  [[nodiscard]] bool reusable() const noexcept;
  [[nodiscard]] bool finished() const noexcept { return stage_ == Stage::finished; }
  [[nodiscard]] bool aborted() const noexcept { return aborted_; }
  [[nodiscard]] bool body_read() const noexcept { return input_.parser.done(); }

 private:
  enum class Stage { before, streaming, finished };
  Task<Result<void>> send_continue();
  void note_end_of_request() noexcept;
  Result<std::string> prepare(ResponseHead& head);

  net::ByteStream& stream_;
  ConnectionInput& input_;
  const Limits& limits_;
  RequestHead head_;
  SteadyPoint read_at_;
  Stage stage_ = Stage::before;
  bool keep_ = true;
  bool aborted_ = false;
  bool chunked_ = false;
  bool bodyless_ = false;
  bool expects_continue_ = false;
  std::optional<std::uint64_t> left_;  // of a body with a length
};

}  // namespace sluice::http
