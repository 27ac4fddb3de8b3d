#include "http/coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>

#include "http/message.h"

namespace sluice::http {

struct BodyDecoder::Engine {
  virtual ~Engine() = default;
  virtual Result<void> feed(std::string_view piece, std::string& out, std::size_t limit) = 0;
  bool complete = false;
};

namespace {

using Buffer = std::array<char, 16 * 1024>;

Result<void> append(std::string& out, std::string_view text, std::size_t limit) {
  if (text.size() > limit - std::min(limit, out.size()))
    return fail(ErrorCode::too_large, "the decoded body is larger than " + std::to_string(limit) + " bytes");
  out.append(text);
  return {};
}

Result<void> trailing() {
  return fail(ErrorCode::malformed, "bytes after the end of the compressed body");
}

class Identity final : public BodyDecoder::Engine {
 public:
  Identity() { complete = true; }
  Result<void> feed(std::string_view piece, std::string& out, std::size_t limit) override {
    return append(out, piece, limit);
  }
};

class Zlib final : public BodyDecoder::Engine {
 public:
  enum class Form { gzip, deflate };
  explicit Zlib(Form form) : form_(form) {}
  ~Zlib() override {
    if (begun_) inflateEnd(&stream_);
  }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  Result<void> feed(std::string_view piece, std::string& out, std::size_t limit) override {
    if (piece.empty()) return {};
    if (!begun_) begin(static_cast<unsigned char>(piece.front()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    Buffer buffer;
    while (stream_.avail_in > 0 || stream_.avail_out == 0) {
      if (complete) {
        // RFC 1952 §2.2: a gzip body may have several members.
        if (form_ != Form::gzip || stream_.avail_in == 0) return stream_.avail_in == 0 ? Result<void>() : trailing();
        inflateReset(&stream_);
        complete = false;
      }
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return fail(ErrorCode::malformed, "the body is not what its content-encoding says");
      Result<void> added = append(out, {buffer.data(), buffer.size() - stream_.avail_out}, limit);
      if (!added) return added;
      complete = status == Z_STREAM_END;
      if (status == Z_BUF_ERROR) break;
    }
    return {};
  }

 private:
  // "deflate" is zlib's format (RFC 9110 §8.4.1.2), but some senders leave its head out: CMF is 0x?8 when it is there.
  void begin(unsigned char first) {
    int window = 15;
    if (form_ == Form::gzip)
      window = 15 + 16;
    else if ((first & 0x0f) != 8)
      window = -15;
    inflateInit2(&stream_, window);
    begun_ = true;
  }
  Form form_;
  z_stream stream_{};
  bool begun_ = false;
};

class Brotli final : public BodyDecoder::Engine {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~Brotli() override { BrotliDecoderDestroyInstance(state_); }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;

  Result<void> feed(std::string_view piece, std::string& out, std::size_t limit) override {
    auto* next_in = reinterpret_cast<const std::uint8_t*>(piece.data());
    std::size_t available_in = piece.size();
    Buffer buffer;
    for (;;) {
      if (complete) return available_in == 0 ? Result<void>() : trailing();
      auto* next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
      std::size_t available_out = buffer.size();
      const BrotliDecoderResult status =
          BrotliDecoderDecompressStream(state_, &available_in, &next_in, &available_out, &next_out, nullptr);
      if (status == BROTLI_DECODER_RESULT_ERROR)
        return fail(ErrorCode::malformed, "the body is not what its content-encoding says");
      Result<void> added = append(out, {buffer.data(), buffer.size() - available_out}, limit);
      if (!added) return added;
      complete = status == BROTLI_DECODER_RESULT_SUCCESS;
      if (status == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return {};
    }
  }

 private:
  BrotliDecoderState* state_;
};

class Zstd final : public BodyDecoder::Engine {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    // RFC 9659: a window of at most 8 MiB, so that a stranger does not choose how much memory is used.
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 23);
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Result<void> feed(std::string_view piece, std::string& out, std::size_t limit) override {
    if (piece.empty()) return {};  // it would ask for the next frame
    ZSTD_inBuffer input{piece.data(), piece.size(), 0};
    Buffer buffer;
    ZSTD_outBuffer output{};
    do {
      output = {buffer.data(), buffer.size(), 0};
      const std::size_t status = ZSTD_decompressStream(stream_, &output, &input);
      if (ZSTD_isError(status) != 0)
        return fail(ErrorCode::malformed, "the body is not what its content-encoding says");
      Result<void> added = append(out, {buffer.data(), output.pos}, limit);
      if (!added) return added;
      complete = status == 0;
    } while (input.pos < input.size || output.pos == output.size);
    return {};
  }

 private:
  ZSTD_DStream* stream_;
};

}  // namespace

BodyDecoder::BodyDecoder(std::unique_ptr<Engine> engine) noexcept : engine_(std::move(engine)) {}
BodyDecoder::~BodyDecoder() = default;
BodyDecoder::BodyDecoder(BodyDecoder&&) noexcept = default;
BodyDecoder& BodyDecoder::operator=(BodyDecoder&&) noexcept = default;

Result<BodyDecoder> BodyDecoder::make(std::string_view coding) {
  const auto is = [coding](std::string_view name) { return equal_ignoring_case(coding, name); };
  if (coding.empty() || is("identity")) return BodyDecoder(std::make_unique<Identity>());
  if (is("gzip") || is("x-gzip")) return BodyDecoder(std::make_unique<Zlib>(Zlib::Form::gzip));
  if (is("deflate")) return BodyDecoder(std::make_unique<Zlib>(Zlib::Form::deflate));
  if (is("br")) return BodyDecoder(std::make_unique<Brotli>());
  if (is("zstd")) return BodyDecoder(std::make_unique<Zstd>());
  return fail(ErrorCode::unsupported, "content-encoding: " + std::string(coding.substr(0, 64)));
}

Result<void> BodyDecoder::feed(std::string_view piece, std::string& out, std::size_t limit) {
  return engine_->feed(piece, out, limit);
}

bool BodyDecoder::complete() const noexcept {
  return engine_->complete;
}

Result<std::optional<std::string>> decode_body(std::string_view coding, std::string_view body, std::size_t limit) {
  if (coding.empty() || equal_ignoring_case(coding, "identity")) return std::nullopt;
  Result<BodyDecoder> decoder = BodyDecoder::make(coding);
  if (!decoder) return fail(decoder.error());
  std::string out;
  Result<void> fed = decoder->feed(body, out, limit);
  if (!fed) return fail(fed.error());
  if (!decoder->complete()) return fail(ErrorCode::malformed, "the compressed body ends too early");
  return out;
}

}  // namespace sluice::http
