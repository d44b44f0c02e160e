#include "message/base64.h"

#include <array>
#include <cstdint>

#include "base/assert.h"

namespace watchpost::message {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t is_white = 0x80;
constexpr std::uint8_t is_pad = 0x81;
constexpr std::uint8_t is_junk = 0x82;

constexpr std::array<std::uint8_t, 256> make_values()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(is_junk);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values.at(static_cast<unsigned char>(alphabet[i])) = static_cast<std::uint8_t>(i);
    }
    for (const char c : {' ', '\t', '\r', '\n'}) {
        values.at(static_cast<unsigned char>(c)) = is_white;
    }
    values.at('=') = is_pad;
    return values;
}

constexpr auto values = make_values();
constexpr std::uint32_t not_data = 0x80000000U;

/// Each character's value, shifted to its place in the group of four; not_data for all others. One
/// OR of four look-ups decodes a group and tells whether it is clean.
constexpr std::array<std::uint32_t, 256> make_shifted(unsigned shift)
{
    std::array<std::uint32_t, 256> shifted{};
    for (std::size_t i = 0; i < shifted.size(); ++i) {
        const std::uint32_t value = values.at(i);
        shifted.at(i) = value < 64 ? value << shift : not_data;
    }
    return shifted;
}

constexpr auto first = make_shifted(18);
constexpr auto second = make_shifted(12);
constexpr auto third = make_shifted(6);
constexpr auto fourth = make_shifted(0);

class Decoder {
public:
    explicit Decoder(std::string_view text) : text_{text}
    {
        result_.bytes.resize(text.size() / 4 * 3 + 3);
    }

    Base64Result decode();

private:
    void take_groups();
    void take_one(unsigned char c);
    void close_group();
    void put(std::uint32_t octet)
    {
        result_.bytes[written_++] = static_cast<std::byte>(octet & 0xffU);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t written_ = 0;
    std::uint32_t group_ = 0;
    unsigned in_group_ = 0;
    bool padded_ = false;
    Base64Result result_;
};

/// Whole groups without anything between: nearly all of a line.
void Decoder::take_groups()
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text_[i]); };
    while (at_ + 4 <= text_.size()) {
        const std::uint32_t group = first[octet(at_)] | second[octet(at_ + 1)] |
                                    third[octet(at_ + 2)] | fourth[octet(at_ + 3)];
        if ((group & not_data) != 0) {
            return;
        }
        put(group >> 16U);
        put(group >> 8U);
        put(group);
        at_ += 4;
    }
}

void Decoder::take_one(unsigned char c)
{
    const std::uint8_t value = values[c];
    if (value < 64) {
        if (padded_) {
            result_.had_early_padding = true;
            padded_ = false;
        }
        group_ = (group_ << 6U) | value;
        if (++in_group_ == 4) {
            put(group_ >> 16U);
            put(group_ >> 8U);
            put(group_);
            in_group_ = 0;
        }
    } else if (value == is_pad) {
        close_group();
        padded_ = true;
    } else if (value == is_junk) {
        result_.had_junk = true;
    }
}

/// What a group that ends early holds: two characters make one octet, three make two.
void Decoder::close_group()
{
    if (in_group_ == 2) {
        put(group_ >> 4U);
    } else if (in_group_ == 3) {
        put(group_ >> 10U);
        put(group_ >> 2U);
    } else if (in_group_ == 1) {
        result_.is_incomplete = true;
    }
    in_group_ = 0;
}

Base64Result Decoder::decode()
{
    while (at_ < text_.size()) {
        if (in_group_ == 0 && !padded_) {
            take_groups();
        }
        if (at_ < text_.size()) {
            take_one(static_cast<unsigned char>(text_[at_++]));
        }
    }
    if (in_group_ != 0) {
        result_.is_incomplete = true;
        close_group();
    }
    WP_ASSERT(written_ <= result_.bytes.size());
    result_.bytes.resize(written_);
    return std::move(result_);
}

} // namespace

Base64Result decode_base64(std::string_view text)
{
    return Decoder{text}.decode();
}

std::string encode_base64(base::ByteView bytes, std::size_t line_characters)
{
    std::string text;
    std::size_t in_line = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = (group << 8U) | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            if (line_characters != 0 && in_line == line_characters) {
                text += "\r\n";
                in_line = 0;
            }
            text += j <= count ? alphabet[(group >> (18U - 6U * j)) & 63U] : '=';
            ++in_line;
        }
    }
    return text;
}

} // namespace watchpost::message
