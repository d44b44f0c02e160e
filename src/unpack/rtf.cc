#include "unpack/rtf.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unpack/names.h"
#include "unpack/ole_object.h"
#include "unpack/ole_package.h"
#include "unpack/rtf_html.h"
#include "unpack/rtf_objects.h"
#include "unpack/rtf_references.h"

namespace watchpost::unpack {
namespace {

using namespace std::string_view_literals;

/// A compound file that lies where no header leads to it.
base::ByteView find_compound_file(base::ByteView object)
{
    const auto at = base::as_text(object).find("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv);
    return at == std::string_view::npos ? base::ByteView{} : object.subspan(at);
}

/// What no header explains: as it stands, and the compound file in it.
void deliver_unexplained(base::ByteView object, Meter& meter)
{
    const auto compound = find_compound_file(object);
    if (compound.size() < object.size()) {
        meter.deliver_whole({"object", object});
    }
    if (!compound.empty()) {
        meter.deliver_whole({"object.ole", compound});
    }
}

void deliver_ole_object(base::ByteView bytes, Meter& meter)
{
    const auto object = read_ole_object(bytes);
    if (!object || object->is_cut || object->native_data.empty()) {
        return deliver_unexplained(bytes, meter);
    }
    auto package = read_bare_ole_package(object->native_data);
    if (package && package->data.empty()) {
        package.reset(); // its lengths lie: the whole is looked at
    }
    const auto name = package ? name_of(*package) : name_from_octets(object->class_name);
    const auto other_name = package ? other_name_of(*package) : std::string{};
    Member member;
    member.name = name.empty() ? "object"sv : std::string_view{name};
    member.bytes = package ? package->data : object->native_data;
    member.other_name = other_name;
    meter.deliver_whole(member);
}

void deliver_object(const RtfObject& object, Meter& meter)
{
    switch (object.kind) {
    case RtfObject::Kind::object:
        return deliver_ole_object(object.octets, meter);
    case RtfObject::Kind::picture:
        return meter.deliver_whole({"picture", object.octets});
    case RtfObject::Kind::data_store:
        return meter.deliver_whole({"datastore", object.octets});
    }
}

/// True for an object that an earlier reading gave in this place with the same octets.
bool is_known(std::size_t index, const RtfObject& object, const std::vector<RtfObjects>& earlier)
{
    return std::ranges::any_of(earlier, [&](const RtfObjects& reading) {
        return index < reading.objects.size() && reading.objects[index] == object;
    });
}

constexpr std::array readings{
    RtfReading{RtfReading::Destinations::skipped, RtfReading::Escapes::ignored},
    RtfReading{RtfReading::Destinations::read, RtfReading::Escapes::ignored},
    RtfReading{RtfReading::Destinations::skipped, RtfReading::Escapes::drop_digit},
    RtfReading{RtfReading::Destinations::read, RtfReading::Escapes::drop_digit}};

} // namespace

void unpack_rtf(base::ByteView bytes, Meter& meter)
{
    refer_rtf(bytes, meter);
    if (const auto html = read_rtf_html(bytes); html && !meter.is_over()) {
        meter.deliver_whole({"rtf body.html", base::as_bytes(*html)});
    }
    std::vector<RtfObjects> earlier;
    for (const auto& reading : readings) {
        if (!meter.has_time()) {
            return;
        }
        auto found = read_rtf_objects(bytes, reading, meter.entries_left() + 1);
        for (std::size_t i = 0; i < found.objects.size() && !meter.is_over(); ++i) {
            if (!is_known(i, found.objects[i], earlier)) {
                deliver_object(found.objects[i], meter);
            }
        }
        earlier.push_back(std::move(found));
        if (!earlier.front().is_disputed) {
            return;
        }
    }
}

} // namespace watchpost::unpack
