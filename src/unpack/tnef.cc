#include "unpack/tnef.h"

#include <optional>
#include <string>

#include "unpack/little_endian.h"
#include "unpack/mapi.h"
#include "unpack/outlook_item.h"

namespace watchpost::unpack {
namespace {

/// [MS-OXTNEF] §2.1.3: the lower half of an attribute's id; the upper one repeats its type.
namespace attribute {
constexpr std::uint16_t subject = 0x8004;
constexpr std::uint16_t body = 0x800C;
constexpr std::uint16_t attach_data = 0x800F;
constexpr std::uint16_t attach_title = 0x8010;
constexpr std::uint16_t attach_picture = 0x8011;
constexpr std::uint16_t attach_transport_name = 0x9001;
constexpr std::uint16_t attach_begin = 0x9002;
constexpr std::uint16_t message_properties = 0x9003;
constexpr std::uint16_t attach_properties = 0x9005;
} // namespace attribute

struct Attribute {
    std::uint16_t id = 0;
    base::ByteView data;
};

/// Attributes one after the other: level, id, length, data, checksum.
class AttributeReader {
public:
    explicit AttributeReader(base::ByteView bytes) : bytes_{bytes} {}

    [[nodiscard]] bool is_damaged() const noexcept { return is_damaged_; }

    std::optional<Attribute> next()
    {
        constexpr std::size_t head_bytes = 9;
        constexpr std::size_t checksum_bytes = 2;
        const auto rest = base::slice(bytes_, at_, bytes_.size());
        const auto level = u8_at(rest, 0);
        is_damaged_ = is_damaged_ || bytes_.size() <= header_bytes; // a stream of nothing
        if (rest.size() < head_bytes || level < 1 || level > 2) {
            is_damaged_ = is_damaged_ ||
                          base::as_text(rest).find_first_not_of(padding) != std::string_view::npos;
            return std::nullopt;
        }
        const std::size_t length = u32_at(rest, 5);
        const auto data = base::slice(rest, head_bytes, length);
        is_damaged_ = is_damaged_ || rest.size() < head_bytes + length + checksum_bytes;
        at_ += head_bytes + data.size() + checksum_bytes;
        return Attribute{u16_at(rest, 1), data};
    }

private:
    // What mail programs leave behind the last attribute.
    static constexpr std::string_view padding{"\0\r\n ", 4};
    static constexpr std::size_t header_bytes = 6; // signature and key

    base::ByteView bytes_;
    std::size_t at_ = header_bytes;
    bool is_damaged_ = false;
};

class Reader {
public:
    explicit Reader(Meter& meter) : meter_{meter} {}

    void take(const Attribute& one)
    {
        const auto data = one.data;
        switch (one.id) {
        case attribute::subject:
            return deliver_body({mapi::subject, MapiType::string8, data}, "", meter_);
        case attribute::body:
            return deliver_body({mapi::body_text, MapiType::string8, data}, "", meter_);
        case attribute::message_properties:
            return take_properties(
                data, [this](const MapiProperty& property) { deliver_body(property, "", meter_); });
        case attribute::attach_begin:
            return end_attachment();
        case attribute::attach_properties:
            return take_properties(
                data, [this](const MapiProperty& property) { attachment_.add(property); });
        case attribute::attach_data:
            if (attachment_.has_content()) { // some writers begin none
                end_attachment();
            }
            return attachment_.add_content(data);
        case attribute::attach_title:
            if (attachment_.has_title()) {
                end_attachment();
            }
            return attachment_.set_title(mapi_name(MapiType::string8, data));
        case attribute::attach_transport_name:
            return attachment_.set_transport_name(mapi_name(MapiType::string8, data));
        case attribute::attach_picture:
            return attachment_.set_picture(data);
        default: // dates, recipients, and what else nobody opens
            return;
        }
    }

    void end_attachment()
    {
        attachment_.deliver(meter_);
        attachment_ = {};
    }

    [[nodiscard]] bool is_damaged() const noexcept { return is_damaged_; }

private:
    void take_properties(base::ByteView data,
                         const std::function<void(const MapiProperty&)>& take_one)
    {
        const bool is_whole = read_mapi_properties(data, take_one);
        is_damaged_ = is_damaged_ || !is_whole;
    }

    Meter& meter_;
    OutlookAttachment attachment_;
    bool is_damaged_ = false;
};

} // namespace

void unpack_tnef(base::ByteView bytes, Meter& meter)
{
    AttributeReader attributes{bytes};
    Reader reader{meter};
    while (const auto one = attributes.next()) {
        if (!meter.has_time()) {
            return;
        }
        reader.take(*one);
    }
    reader.end_attachment();
    if ((attributes.is_damaged() || reader.is_damaged()) && !meter.is_over()) {
        meter.tell("", "damaged_archive", "an attribute of the TNEF stream does not hold");
    }
}

} // namespace watchpost::unpack
