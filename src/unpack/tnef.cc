#include "unpack/tnef.h"

#include <optional>
#include <string>

#include "unpack/little_endian.h"
#include "unpack/mapi.h"
#include "unpack/outlook_item.h"

namespace watchpost::unpack {
namespace {

/// [MS-OXTNEF] §2.1.3: the lower half of an attribute's id; the upper one repeats its type.
enum class AttributeId : std::uint16_t {
    subject = 0x8004,
    body = 0x800C,
    attach_data = 0x800F,
    attach_title = 0x8010,
    attach_picture = 0x8011,
    attach_transport_name = 0x9001,
    attach_begin = 0x9002,
    message_properties = 0x9003,
    attach_properties = 0x9005
};

struct Attribute {
    AttributeId id{};
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
        return Attribute{static_cast<AttributeId>(u16_at(rest, 1)), data};
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

    void take(const Attribute& attribute)
    {
        const auto data = attribute.data;
        switch (attribute.id) {
        case AttributeId::subject:
            return deliver_body({mapi::subject, MapiType::string8, data}, "", meter_);
        case AttributeId::body:
            return deliver_body({mapi::body_text, MapiType::string8, data}, "", meter_);
        case AttributeId::message_properties:
            return take_properties(
                data, [this](const MapiProperty& property) { deliver_body(property, "", meter_); });
        case AttributeId::attach_begin:
            return end_attachment();
        case AttributeId::attach_properties:
            return take_properties(
                data, [this](const MapiProperty& property) { attachment_.add(property); });
        case AttributeId::attach_data:
            if (attachment_.has_content()) { // some writers begin none
                end_attachment();
            }
            return attachment_.add_content(data);
        case AttributeId::attach_title:
            if (attachment_.has_title()) {
                end_attachment();
            }
            return attachment_.set_title(mapi_name(MapiType::string8, data));
        case AttributeId::attach_transport_name:
            return attachment_.set_transport_name(mapi_name(MapiType::string8, data));
        case AttributeId::attach_picture:
            return attachment_.set_picture(data);
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
    while (const auto attribute = attributes.next()) {
        if (!meter.has_time()) {
            return;
        }
        reader.take(*attribute);
    }
    reader.end_attachment();
    if ((attributes.is_damaged() || reader.is_damaged()) && !meter.is_over()) {
        meter.tell("", "damaged_archive", "an attribute of the TNEF stream does not hold");
    }
}

} // namespace watchpost::unpack
