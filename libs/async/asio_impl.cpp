// The one compilation of Boost.Asio's non-template code. Foreign code: our warnings do not apply to it.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <boost/asio/impl/src.hpp>
#pragma clang diagnostic pop
