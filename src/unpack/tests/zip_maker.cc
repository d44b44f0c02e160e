#include "unpack/tests/zip_maker.h"

#include <zlib.h>

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

/// What local and central header share, from "version needed" on.
std::string common_fields(const ZipPart& part, const std::string& name)
{
    const auto packed = part.size.value_or(static_cast<std::uint32_t>(part.content.size()));
    return little_endian(20, 2) + little_endian(part.flags, 2) + little_endian(part.method, 2) +
           little_endian(0, 4) + little_endian(part.crc.value_or(crc_of(part.content)), 4) +
           little_endian(packed, 4) + little_endian(part.unpacked.value_or(packed), 4) +
           little_endian(name.size(), 2) + little_endian(part.extra.size(), 2);
}

std::string local_header(const ZipPart& part)
{
    return "PK\x03\x04"s + common_fields(part, part.name) + part.name + part.extra;
}

std::string central_header(const ZipPart& part, std::size_t offset)
{
    const auto name = part.listed_name.value_or(part.name);
    return "PK\x01\x02"s + little_endian(20, 2) + common_fields(part, name) +
           little_endian(0, 2 + 2 + 2 + 4) + little_endian(offset, 4) + name + part.extra;
}

} // namespace

std::string little_endian(std::uint64_t value, std::size_t octets)
{
    std::string text;
    for (std::size_t i = 0; i < octets; ++i) {
        text.push_back(static_cast<char>(i < 8 ? value >> (8 * i) & 0xFFU : 0));
    }
    return text;
}

std::uint32_t crc_of(std::string_view content)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

std::string deflated(std::string_view content)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string make_planned_zip(const ZipPlan& plan)
{
    std::string body;
    std::string directory;
    std::size_t listed = 0;
    for (const auto& part : plan.parts) {
        for (std::size_t i = 0; part.is_listed && i < plan.listed_copies; ++i, ++listed) {
            directory += central_header(part, body.size());
        }
        body += local_header(part) + part.content;
    }
    return plan.before + body + directory + "PK\x05\x06"s + little_endian(0, 4) +
           little_endian(listed, 2) + little_endian(listed, 2) +
           little_endian(directory.size(), 4) + little_endian(body.size(), 4) +
           little_endian(plan.comment.size(), 2) + plan.comment;
}

std::string make_zip(const std::vector<ZipPart>& parts)
{
    return make_planned_zip(ZipPlan{parts, {}, {}, 1});
}

} // namespace watchpost::unpack::test
