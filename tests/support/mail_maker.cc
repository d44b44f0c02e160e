#include "support/mail_maker.h"

#include <cstdint>

namespace watchpost::test {
namespace {

void append_number(std::string& out, std::uint64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; ++i) {
        out += static_cast<char>((value >> (8U * i)) & 0xFFU);
    }
}

/// CRC-32 of ISO 3309, bit by bit: test archives are small.
std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

/// The fields that the local header and the directory share (PKWARE APPNOTE §4.3.7, §4.3.12).
void append_common(std::string& out, std::string_view name, std::string_view content)
{
    append_number(out, 20, 2);     // version needed
    append_number(out, 0x0800, 2); // names are UTF-8
    append_number(out, 0, 2);      // stored
    append_number(out, 0, 4);      // time and date
    append_number(out, crc32(content), 4);
    append_number(out, content.size(), 4); // packed
    append_number(out, content.size(), 4); // unpacked
    append_number(out, name.size(), 2);
    append_number(out, 0, 2); // extra
}

} // namespace

std::string eicar()
{
    return std::string{R"(X5O!P%@AP[4\PZX54(P^)7CC)7})"} + "$EICAR-STANDARD-" +
           "ANTIVIRUS-TEST-FILE!$H+H*";
}

std::string to_base64(std::string_view bytes)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t block = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const bool is_there = at + i < bytes.size();
            block = block << 8U | (is_there ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            const bool is_there = i <= bytes.size() - at;
            out += is_there ? digits[(block >> (18U - 6U * i)) & 63U] : '=';
        }
        column += 4;
        if (column == 76) {
            out += "\r\n";
            column = 0;
        }
    }
    return column == 0 ? out : out + "\r\n";
}

std::string make_zip(const std::vector<std::pair<std::string, std::string>>& names_and_contents)
{
    std::string out;
    std::string directory;
    for (const auto& [name, content] : names_and_contents) {
        const auto offset = out.size();
        out += "PK\x03\x04";
        append_common(out, name, content);
        out += name + content;
        directory += "PK\x01\x02";
        append_number(directory, 20, 2); // made by
        append_common(directory, name, content);
        append_number(directory, 0, 6); // comment, disk, internal attributes
        append_number(directory, 0, 4); // external attributes
        append_number(directory, offset, 4);
        directory += name;
    }
    const auto directory_offset = out.size();
    out += directory + "PK\x05\x06";
    append_number(out, 0, 4);
    append_number(out, names_and_contents.size(), 2);
    append_number(out, names_and_contents.size(), 2);
    append_number(out, directory.size(), 4);
    append_number(out, directory_offset, 4);
    append_number(out, 0, 2);
    return out;
}

std::string attachment_part(std::string_view filename, std::string_view content,
                            std::string_view type)
{
    return "Content-Type: " + std::string{type} +
           "\r\nContent-Transfer-Encoding: base64\r\n"
           "Content-Disposition: attachment; filename=\"" +
           std::string{filename} + "\"\r\n\r\n" + to_base64(content);
}

std::string text_part(std::string_view text)
{
    return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + std::string{text};
}

std::string message_part(std::string_view message)
{
    return "Content-Type: message/rfc822\r\n\r\n" + std::string{message};
}

std::string make_message(const std::vector<std::string>& parts, std::string_view subject)
{
    // No boundary is the beginning of another, however messages are put into each other.
    std::size_t octets = 0;
    for (const auto& part : parts) {
        octets += part.size();
    }
    const std::string boundary = "=_test_" + std::to_string(octets) + "_end";
    std::string out = "From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nSubject: " +
                      std::string{subject} +
                      "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"" +
                      boundary + "\"\r\n\r\n";
    for (const auto& part : parts) {
        out.append("--").append(boundary).append("\r\n").append(part).append("\r\n");
    }
    return out + "--" + boundary + "--\r\n";
}

} // namespace watchpost::test
