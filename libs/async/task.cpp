#include "async/task.h"

#include <array>
#include <new>

namespace sluice::async::detail {
namespace {

// Frames are cached per thread in classes of 128 bytes up to 2 KiB; at most 64 of a class are kept.
constexpr std::size_t class_size = 128;
constexpr std::size_t classes = 16;
constexpr std::size_t kept = 64;

struct FreeList {
  struct Node {
    Node* next;
  };
  std::array<Node*, classes> head{};
  std::array<std::size_t, classes> count{};

  ~FreeList() {
    for (Node*& node : head)
      while (node != nullptr) ::operator delete(std::exchange(node, node->next));
    count.fill(kept);  // a frame freed after this goes to the system
  }
};

thread_local FreeList free_list;

[[maybe_unused]] std::size_t class_of(std::size_t size) {
  return (size + class_size - 1) / class_size - 1;
}

}  // namespace

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLUICE_PLAIN_FRAMES 1  // the sanitizers must see every allocation
#endif
#endif

void* allocate_frame(std::size_t size) {
#ifndef SLUICE_PLAIN_FRAMES
  const std::size_t index = class_of(size);
  if (index < classes) {
    if (FreeList::Node* node = free_list.head[index]) {
      free_list.head[index] = node->next;
      --free_list.count[index];
      return node;
    }
    return ::operator new((index + 1) * class_size);
  }
#endif
  return ::operator new(size);
}

void release_frame(void* frame, std::size_t size) noexcept {
#ifndef SLUICE_PLAIN_FRAMES
  const std::size_t index = class_of(size);
  if (index < classes && free_list.count[index] < kept) {
    auto* node = static_cast<FreeList::Node*>(frame);
    node->next = free_list.head[index];
    free_list.head[index] = node;
    ++free_list.count[index];
    return;
  }
#endif
  static_cast<void>(size);
  ::operator delete(frame);
}

}  // namespace sluice::async::detail
