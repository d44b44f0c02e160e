#include "unpack/presentation.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <zlib.h>

#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr auto type_octets = "\x11\x10"sv; // RT_ExternalOleObjectStg
constexpr auto ole_magic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;
constexpr std::size_t head_bytes = 8; // version and instance, type, length

/// Owns zlib's state.
class Inflater {
public:
    explicit Inflater(ByteView packed)
    {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(
            std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
        is_good_ = inflateInit(&stream_) == Z_OK;
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Empty at the end, and where the data do not hold.
    [[nodiscard]] ByteView next()
    {
        if (!is_good_) {
            return {};
        }
        stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
        stream_.avail_out = static_cast<uInt>(block_.size());
        is_good_ = inflate(&stream_, Z_NO_FLUSH) == Z_OK;
        return base::slice(block_, 0, block_.size() - stream_.avail_out);
    }

private:
    z_stream stream_{};
    bool is_good_ = false;
    std::array<std::byte, 65'536> block_{};
};

/// Instance 1 is compressed, behind four octets of its true size; instance 0 is not.
void unpack_object(ByteView record, bool is_compressed, const std::string& name, Meter& meter)
{
    if (!is_compressed) {
        if (has_at(record, 0, ole_magic)) {
            meter.deliver_whole({name, record});
        }
        return;
    }
    Inflater inflater{base::slice(record, 4, record.size())};
    auto block = inflater.next();
    if (!has_at(block, 0, ole_magic) || !meter.admit_entry()) {
        return;
    }
    base::Bytes content;
    auto stop = Stop::none;
    for (; !block.empty() && stop == Stop::none; block = inflater.next()) {
        stop = meter.keep(block, content);
    }
    meter.deliver({name, content});
    if (stop != Stop::none) {
        meter.tell(name, stop);
    }
}

} // namespace

void unpack_presentation(ByteView stream, const std::string& name, Meter& meter)
{
    const auto text = base::as_text(stream);
    std::size_t number = 0;
    for (auto at = text.find(type_octets); at != text.npos && !meter.is_over();
         at = text.find(type_octets, at + 1)) {
        const auto head = at < 2 ? 0xFFFFU : u16_at(stream, at - 2);
        if (head == 0x0000U || head == 0x0010U) {
            const auto size = u32_at(stream, at + 2);
            unpack_object(base::slice(stream, at - 2 + head_bytes, size), head == 0x0010U,
                          name + "/object " + std::to_string(++number), meter);
        }
    }
}

} // namespace watchpost::unpack
