#include "unpack/compressed_rtf.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

constexpr std::size_t header_bytes = 16;
constexpr std::size_t dictionary_bytes = 4096;
constexpr std::size_t piece_bytes = 16'384;           // given to `take` at once
constexpr std::uint32_t is_compressed = 0x75465A4C;   // "LZFu"
constexpr std::uint32_t is_uncompressed = 0x414C454D; // "MELA"

// [MS-OXRTFCP] §2.1.2.1: what the dictionary holds before the first octet.
constexpr std::string_view preset =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(preset.size() == 207);

class Decoder {
public:
    Decoder(base::ByteView input, const std::function<bool(base::ByteView)>& take)
        : input_{input}
        , take_{take}
    {
        dictionary_.fill(std::byte{' '});
        std::ranges::copy(base::as_bytes(preset), dictionary_.begin());
    }

    /// Runs of eight tokens behind an octet that says which of them are references.
    bool run()
    {
        while (at_ < input_.size() && !has_ended_ && wants_more_) {
            const unsigned control = u8_at(input_, at_++);
            for (unsigned bit = 0; bit < 8 && !has_ended_ && wants_more_; ++bit) {
                if (at_ >= input_.size()) {
                    break;
                }
                (control >> bit & 1U) != 0 ? copy_reference() : put(input_[at_++]);
            }
        }
        flush();
        return has_ended_ || !wants_more_;
    }

private:
    void put(std::byte octet)
    {
        dictionary_.at(write_at_) = octet;
        write_at_ = (write_at_ + 1) % dictionary_bytes;
        piece_.push_back(octet);
        if (piece_.size() >= piece_bytes) {
            flush();
        }
    }

    void copy_reference()
    {
        const auto token =
            static_cast<std::uint32_t>(u8_at(input_, at_) << 8U | u8_at(input_, at_ + 1));
        const bool is_whole = at_ + 1 < input_.size();
        at_ += 2;
        std::size_t from = token >> 4U;
        if (!is_whole || from == write_at_) { // the end mark refers to where it stands
            has_ended_ = is_whole;
            return;
        }
        for (std::size_t left = (token & 0xFU) + 2; left > 0; --left) {
            put(dictionary_.at(from));
            from = (from + 1) % dictionary_bytes;
        }
    }

    void flush()
    {
        wants_more_ = wants_more_ && (piece_.empty() || take_(piece_));
        piece_.clear();
    }

    base::ByteView input_;
    const std::function<bool(base::ByteView)>& take_;
    std::array<std::byte, dictionary_bytes> dictionary_{};
    base::Bytes piece_;
    std::size_t at_ = 0;
    std::size_t write_at_ = preset.size();
    bool has_ended_ = false;
    bool wants_more_ = true;
};

} // namespace

bool decompress_rtf(base::ByteView compressed, const std::function<bool(base::ByteView)>& take)
{
    const std::uint32_t raw_bytes = u32_at(compressed, 4);
    const auto content = base::slice(compressed, header_bytes, compressed.size());
    switch (u32_at(compressed, 8)) {
    case is_compressed:
        return Decoder{content, take}.run();
    case is_uncompressed:
        return content.empty() ? raw_bytes == 0 : take(content) && content.size() >= raw_bytes;
    default:
        return false;
    }
}

} // namespace watchpost::unpack
