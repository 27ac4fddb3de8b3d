// Randomness from the kernel (getrandom(2)). Ends the process when the kernel cannot give any: nothing safe can
// be done without it.
#pragma once
#include <cstddef>
#include <string>

namespace sluice {

std::string random_bytes(std::size_t count);

}  // namespace sluice
