#include "support/uudecode.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace watchpost::test {

namespace {

unsigned value_of(char c)
{
    return (static_cast<unsigned char>(c) - 0x20U) & 0x3FU;
}

/// Four characters become three octets; the line's first character counts the octets.
void append_line(const std::string& line, std::string& decoded)
{
    const std::size_t end = decoded.size() + value_of(line[0]);
    for (std::size_t at = 1; at < line.size() && decoded.size() < end; at += 4) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            group = group << 6U | (at + i < line.size() ? value_of(line[at + i]) : 0);
        }
        for (int shift = 16; shift >= 0 && decoded.size() < end; shift -= 8) {
            decoded.push_back(static_cast<char>(group >> static_cast<unsigned>(shift) & 0xFFU));
        }
    }
}

} // namespace

std::string uudecode(std::string_view text)
{
    std::istringstream lines{std::string{text}};
    std::string decoded;
    std::string line;
    bool is_inside = false;
    while (std::getline(lines, line)) {
        if (is_inside && line.starts_with("end")) {
            return decoded;
        }
        if (is_inside && !line.empty()) {
            append_line(line, decoded);
        }
        is_inside = is_inside || line.starts_with("begin ");
    }
    std::fputs("uudecode: the text holds no uuencoded file\n", stderr);
    std::abort();
}

} // namespace watchpost::test
