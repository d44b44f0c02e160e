#include "unpack/outlook_item.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "unpack/compressed_rtf.h"
#include "unpack/little_endian.h"

namespace watchpost::unpack {
namespace {

void deliver_unless_empty(const std::string& name, base::ByteView content, Meter& meter)
{
    if (!content.empty()) {
        meter.deliver_whole({name, content});
    }
}

void deliver_text(const std::string& name, const MapiProperty& property, Meter& meter)
{
    if (property.type == MapiType::string16) {
        const auto text = mapi_text(property.type, property.value);
        deliver_unless_empty(name, base::as_bytes(text), meter);
    } else {
        const auto text = base::as_text(property.value);
        const auto last = text.find_last_not_of('\0');
        deliver_unless_empty(name, property.value.first(last + 1), meter); // npos + 1 is 0
    }
}

void deliver_rtf(const std::string& name, base::ByteView compressed, Meter& meter)
{
    if (compressed.empty() || meter.is_over() || !meter.admit_entry()) {
        return;
    }
    base::Bytes content;
    auto stop = Stop::none;
    const bool is_whole = decompress_rtf(compressed, [&](base::ByteView piece) {
        stop = meter.keep(piece, content);
        return stop == Stop::none;
    });
    meter.deliver({name, content});
    if (stop != Stop::none) {
        meter.tell(name, stop);
    } else if (!is_whole) {
        meter.tell(name, "damaged_archive", "the compressed text ends before its end mark");
    }
}

/// [MS-OXTNEF] §2.1.3.4: an object's bytes stand behind the identifier of its interface.
base::ByteView without_interface(base::ByteView object)
{
    using namespace std::string_view_literals;
    constexpr std::size_t interface_bytes = 16;
    return has_at(object, 8, "\xC0\x00\x00\x00\x00\x00\x00\x46"sv) ? object.subspan(interface_bytes)
                                                                   : object;
}

std::string lower_extension(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string{} : base::lower_case(name.substr(dot));
}

} // namespace

void deliver_body(const MapiProperty& property, std::string_view folder, Meter& meter)
{
    const std::string prefix{folder};
    switch (property.id) {
    case mapi::subject:
        return deliver_text(prefix + "subject.txt", property, meter);
    case mapi::body_text:
        return deliver_text(prefix + "body.txt", property, meter);
    case mapi::body_html:
        return deliver_text(prefix + "body.html", property, meter);
    case mapi::body_rtf:
        return deliver_rtf(prefix + "body.rtf", property.value, meter);
    default:
        return;
    }
}

void OutlookAttachment::add(const MapiProperty& property)
{
    switch (property.id) {
    case mapi::attach_long_filename:
        long_name_ = mapi_name(property.type, property.value);
        return;
    case mapi::attach_filename:
        short_name_ = mapi_name(property.type, property.value);
        return;
    case mapi::display_name:
        display_name_ = mapi_name(property.type, property.value);
        return;
    case mapi::attach_rendering:
        picture_ = property.value;
        return;
    case mapi::attach_data:
        return add_content(property.type == MapiType::object ? without_interface(property.value)
                                                             : property.value);
    default:
        return;
    }
}

void OutlookAttachment::add_content(base::ByteView content)
{
    const bool is_known = !contents_.empty() && std::ranges::equal(contents_.front(), content);
    if (!is_known) {
        contents_.push_back(content);
    }
}

/// In the order in which Outlook looks for one.
std::string OutlookAttachment::shown_name() const
{
    for (const auto* name :
         {&long_name_, &short_name_, &title_, &display_name_, &transport_name_}) {
        if (!name->empty()) {
            return *name;
        }
    }
    return "attachment";
}

/// Old programs show the title. Only another extension is worth a second look: "INVOIC~1.PDF" is
/// how every long name looks in short.
std::string_view OutlookAttachment::other_name(std::string_view shown) const
{
    const auto extension = lower_extension(shown);
    for (const auto* name : {&short_name_, &title_, &transport_name_}) {
        if (!name->empty() && lower_extension(*name) != extension) {
            return *name;
        }
    }
    return {};
}

void OutlookAttachment::deliver(Meter& meter) const
{
    const auto name = shown_name();
    Member member;
    member.name = name;
    member.other_name = other_name(name);
    for (const auto content : contents_) {
        member.bytes = content;
        meter.deliver_whole(member);
    }
    if (!picture_.empty()) {
        const auto picture_name = name + ".wmf";
        meter.deliver_whole({picture_name, picture_});
    }
}

} // namespace watchpost::unpack
