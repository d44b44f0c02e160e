#include "message/base64.h"

#include <array>
#include <cstddef>
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

using Table = std::array<std::uint32_t, 256>;

/// For each character the bits that it adds to the three octets of its group, the first octet
/// lowest; not_data for what is no data. One OR of four look-ups decodes a group and tells whether
/// it is clean.
template <typename Place>
constexpr Table make_table(Place place)
{
    Table table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const std::uint32_t value = values.at(i);
        table.at(i) = value < 64 ? place(value) : not_data;
    }
    return table;
}

constexpr Table first = make_table([](std::uint32_t v) { return v << 2U; });
constexpr Table second = make_table([](std::uint32_t v) { return (v >> 4U) | ((v & 15U) << 12U); });
constexpr Table third =
    make_table([](std::uint32_t v) { return ((v >> 2U) << 8U) | ((v & 3U) << 22U); });
constexpr Table fourth = make_table([](std::uint32_t v) { return v << 16U; });

class Decoder {
public:
    Decoder(std::string_view text, Base64End end) : text_{text}, end_{end}
    {
        result_.bytes.resize(text.size() / 4 * 3 + 3);
    }

    Base64Result decode();

private:
    void take_groups();
    void take_one(unsigned char c);
    void close_group();
    void stop_at(Base64End end)
    {
        if (end == end_) {
            at_ = text_.size();
        }
    }
    void put(std::uint32_t octet)
    {
        result_.bytes[written_++] = static_cast<std::byte>(octet & 0xffU);
    }

    std::string_view text_;
    Base64End end_;
    std::size_t at_ = 0;
    std::size_t written_ = 0;
    std::uint32_t group_ = 0;
    unsigned in_group_ = 0;
    bool padded_ = false;
    Base64Result result_;
};

/// Whole groups, and the line ends between them: nearly all of a text. This is where the time goes,
/// hence the iterators, which check nothing: the loop's condition leaves room for a group, and the
/// buffer has three octets for each four characters.
void Decoder::take_groups()
{
    const auto value = [](const Table& table, char c) {
        return table[static_cast<unsigned char>(c)];
    };
    auto in = text_.begin() + static_cast<std::ptrdiff_t>(at_);
    auto out = result_.bytes.begin() + static_cast<std::ptrdiff_t>(written_);
    while (text_.end() - in >= 4) {
        const std::uint32_t group =
            value(first, in[0]) | value(second, in[1]) | value(third, in[2]) | value(fourth, in[3]);
        if ((group & not_data) == 0) {
            out[0] = static_cast<std::byte>(group & 0xffU);
            out[1] = static_cast<std::byte>((group >> 8U) & 0xffU);
            out[2] = static_cast<std::byte>((group >> 16U) & 0xffU);
            in += 4;
            out += 3;
        } else if (in[0] == '\r' && in[1] == '\n') {
            in += 2;
        } else if (in[0] == '\n') {
            in += 1;
        } else {
            break;
        }
    }
    at_ = static_cast<std::size_t>(in - text_.begin());
    written_ = static_cast<std::size_t>(out - result_.bytes.begin());
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
        stop_at(Base64End::padding);
    } else if (value == is_junk) {
        result_.had_junk = true;
        stop_at(Base64End::junk);
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

Base64Result decode_base64(std::string_view text, Base64End end)
{
    return Decoder{text, end}.decode();
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
