// Private to libs/audit: the fields of a record as text, in the order of the contract.
#pragma once
#include "audit/chain.h"

namespace sluice::audit {

// Fills the texts of a draft; salt and digest are chain.cpp's.
DraftRecord record_fields(const Record& record);

}  // namespace sluice::audit
