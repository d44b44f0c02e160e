#include "unpack/tests/tnef_maker.h"

namespace watchpost::unpack::test {

using namespace std::string_literals;

std::string little(std::uint64_t number, std::size_t count)
{
    std::string octets;
    for (std::size_t i = 0; i < count; ++i) {
        octets.push_back(static_cast<char>(number & 0xFFU));
        number >>= 8U;
    }
    return octets;
}

std::string utf16(std::string_view text)
{
    std::string octets;
    for (const char c : text) {
        octets += {c, '\0'};
    }
    return octets + "\0\0"s;
}

std::string make_properties(const std::vector<TnefProperty>& properties)
{
    auto all = little(properties.size(), 4);
    for (const auto& property : properties) {
        all += little(property.type, 2) + little(property.id, 2);
        const bool has_length = property.type == 0x1E || property.type == 0x1F ||
                                property.type == 0x0D || property.type == 0x102;
        if (has_length) {
            all += little(1, 4) + little(property.value.size(), 4);
        }
        all += property.value;
        all.resize((all.size() + 3) / 4 * 4, '\0');
    }
    return all;
}

std::string make_attribute(std::uint8_t level, std::uint32_t id, std::string_view data)
{
    std::uint32_t sum = 0;
    for (const char c : data) {
        sum += static_cast<unsigned char>(c);
    }
    return little(level, 1) + little(id, 4) + little(data.size(), 4) + std::string{data} +
           little(sum, 2);
}

std::string make_tnef(const std::vector<std::string>& attributes)
{
    auto all = "\x78\x9F\x3E\x22\x01\x00"s;
    for (const auto& attribute : attributes) {
        all += attribute;
    }
    return all;
}

std::string make_compressed_rtf(std::string_view rtf)
{
    std::string tokens;
    std::size_t write_at = 207;
    for (std::size_t i = 0; i <= rtf.size(); i += 8) {
        const auto run = rtf.substr(i, 8);
        write_at += run.size();
        if (run.size() == 8) {
            tokens += "\0"s + std::string{run};
        } else { // the end mark refers to where it would write
            const auto mark = (write_at % 4096) << 4U;
            tokens += little(1U << run.size(), 1) + std::string{run} + little(mark >> 8U, 1) +
                      little(mark, 1);
        }
    }
    return little(tokens.size() + 12, 4) + little(rtf.size(), 4) + "LZFu" + little(0, 4) + tokens;
}

std::string make_sample_tnef()
{
    const auto message_interface = little(0x00020307, 4) + "\0\0\0\0\xC0\0\0\0\0\0\0\x46"s;
    const auto inner = make_tnef({make_attribute(1, 0x0002800C, "inner text")});
    return make_tnef({
        make_attribute(1, 0x00089006, little(0x00010000, 4)),
        make_attribute(1, 0x00018004, "Offer\0"s),
        make_attribute(1, 0x00069003,
                       make_properties({{0x0017, 3, little(1, 4)},
                                        {0x1009, 0x102, make_compressed_rtf("{\\rtf1 hello}")},
                                        {0x1013, 0x102, "<p>hello</p>"}})),
        make_attribute(2, 0x00069002, std::string(14, '\0')),
        make_attribute(2, 0x00018010, "INVOIC~1.PDF\0"s),
        make_attribute(2, 0x0006800F, "content of the attachment"),
        make_attribute(2, 0x00069005, make_properties({{0x3707, 0x1F, utf16("invoice 1.pdf")}})),
        make_attribute(2, 0x00069002, std::string(14, '\0')),
        make_attribute(2, 0x00069005,
                       make_properties({{0x3001, 0x1F, utf16("forwarded")},
                                        {0x3701, 0x0D, message_interface + inner}})),
    });
}

} // namespace watchpost::unpack::test
