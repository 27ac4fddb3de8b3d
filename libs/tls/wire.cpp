#include "tls/wire.h"

#include <openssl/bio.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "tls/handles.h"

namespace sluice::tls {
namespace {

int wire_read(BIO* bio, char* into, std::size_t room, std::size_t* got) noexcept {
  auto* wire = static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *got = wire->input.take(into, room);
  if (*got != 0) return 1;
  if (!wire->ended) BIO_set_retry_read(bio);
  return 0;
}
int wire_write(BIO* bio, const char* from, std::size_t count, std::size_t* put) noexcept {
  static_cast<Wire*>(BIO_get_data(bio))->output.append(from, count);
  *put = count;
  return 1;
}
long wire_control(BIO* bio, int command, long, void*) noexcept {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<Wire*>(BIO_get_data(bio))->ended ? 1 : 0;
  return 0;
}

const BIO_METHOD* wire_method() {
  static const BIO_METHOD* method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice wire");
    must(made != nullptr);
    BIO_meth_set_read_ex(made, wire_read);
    BIO_meth_set_write_ex(made, wire_write);
    BIO_meth_set_ctrl(made, wire_control);
    return made;
  }();
  return method;
}

}  // namespace

std::span<char> InputBuffer::prepare(std::size_t room) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ < room) grow(room);
  return {memory_.get() + end_, capacity_ - end_};
}

void InputBuffer::commit(std::size_t count) noexcept {
  end_ += std::min(count, capacity_ - end_);
}

std::size_t InputBuffer::take(char* into, std::size_t room) noexcept {
  const std::size_t count = std::min(room, size());
  if (count != 0) std::memcpy(into, memory_.get() + begin_, count);
  begin_ += count;
  return count;
}

void InputBuffer::grow(std::size_t room) {
  const std::size_t kept = size();
  if (kept + room > capacity_) {
    const std::size_t wanted = std::max(kept + room, std::min(2 * capacity_, kept + 4 * room));
    auto bigger = std::make_unique_for_overwrite<char[]>(wanted);
    if (kept != 0) std::memcpy(bigger.get(), memory_.get() + begin_, kept);
    memory_ = std::move(bigger);
    capacity_ = wanted;
  } else if (kept != 0) {
    std::memmove(memory_.get(), memory_.get() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
}

bio_st* new_wire_bio(Wire& wire) {
  BIO* bio = BIO_new(wire_method());
  must(bio != nullptr);
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace sluice::tls
