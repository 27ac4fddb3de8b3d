// Private to libs/tls: the two ends of an engine towards its transport.
//
// OpenSSL reads and writes through a BIO of our own: ciphertext is received straight into `input` (one copy, into
// OpenSSL's record buffer) and encrypted records are appended to `output`, which the transport takes by swapping.
// OpenSSL's memory BIOs would copy once more each way and move their rest to the front.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct bio_st;

namespace sluice::tls {

// Bytes that come in at the end and go out at the front; memory is kept, never cleared to zero.
class InputBuffer {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  std::span<char> prepare(std::size_t room);
  void commit(std::size_t count) noexcept;
  std::size_t take(char* into, std::size_t room) noexcept;

 private:
  void grow(std::size_t room);
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

struct Wire {
  InputBuffer input;
  std::string output;
  bool ended = false;
};

// A BIO on `wire`, which must outlive it and stay where it is. Owned by whoever takes it (SSL_set_bio).
bio_st* new_wire_bio(Wire& wire);

}  // namespace sluice::tls
