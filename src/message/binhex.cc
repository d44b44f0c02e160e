#include "message/binhex.h"

#include <array>
#include <optional>
#include <string_view>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/checksums.h"

namespace watchpost::message {
namespace {

using std::string_view;

constexpr string_view alphabet =
    "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
constexpr std::uint8_t no_value = 0xff;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_value);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table.at(static_cast<unsigned char>(alphabet[i])) = static_cast<std::uint8_t>(i);
    }
    return table;
}();

/// Six bits a character, runs of octets expanded, up to the closing colon.
class Expander {
public:
    Expander(string_view text, std::size_t at, std::size_t bytes_max)
        : text_{text}
        , at_{at}
        , bytes_max_{bytes_max}
    {
    }

    /// At least `count` octets are there, or no more come.
    bool reach(std::size_t count)
    {
        while (bytes_.size() < count && step()) {
        }
        return bytes_.size() >= count;
    }

    /// To the colon.
    void finish()
    {
        while (step()) {
        }
    }

    [[nodiscard]] const base::Bytes& bytes() const { return bytes_; }
    [[nodiscard]] std::size_t end() const { return at_; }
    [[nodiscard]] bool is_closed() const { return is_closed_; }
    [[nodiscard]] bool was_cut() const { return was_cut_; }

private:
    bool step()
    {
        if (is_closed_ || was_cut_ || at_ >= text_.size()) {
            return false;
        }
        const char c = text_[at_];
        if (is_space(c)) {
            ++at_;
            return true;
        }
        const std::uint8_t value = values[static_cast<unsigned char>(c)];
        if (value == no_value) {
            is_closed_ = c == ':';
            at_ += is_closed_ ? 1 : 0;
            return false;
        }
        ++at_;
        bits_ = (bits_ << 6U) | value;
        bit_count_ += 6;
        if (bit_count_ >= 8) {
            bit_count_ -= 8;
            take(static_cast<std::byte>((bits_ >> bit_count_) & 0xffU));
        }
        return true;
    }

    /// RFC 1741 §4: 0x90 and a count repeat the octet before; 0x90 and 0 are 0x90 itself.
    void take(std::byte octet)
    {
        constexpr std::byte mark{0x90};
        if (!is_behind_mark_) {
            is_behind_mark_ = octet == mark;
            if (!is_behind_mark_) {
                append(octet, 1);
            }
            return;
        }
        is_behind_mark_ = false;
        const auto count = std::to_integer<std::size_t>(octet);
        if (count == 0) {
            append(mark, 1);
        } else if (!bytes_.empty()) {
            append(bytes_.back(), count - 1);
        }
    }

    void append(std::byte octet, std::size_t count)
    {
        was_cut_ = count > bytes_max_ - bytes_.size();
        bytes_.insert(bytes_.end(), was_cut_ ? bytes_max_ - bytes_.size() : count, octet);
    }

    string_view text_;
    std::size_t at_;
    std::size_t bytes_max_;
    base::Bytes bytes_;
    std::uint32_t bits_ = 0;
    unsigned bit_count_ = 0;
    bool is_behind_mark_ = false;
    bool is_closed_ = false;
    bool was_cut_ = false;
};

std::uint64_t number_at(base::ByteView bytes, std::size_t at, std::size_t size)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
        number = number << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return number;
}

constexpr std::size_t crc_bytes = 2;
constexpr std::size_t header_bytes_behind_name = 1 + 4 + 4 + 2 + 4 + 4; // to the checksum

/// The octets of a fork with its checksum, as many as there are.
class Forks {
public:
    Forks(Expander& expander, BinhexFile& file) : expander_{expander}, file_{file} {}

    base::Bytes take(std::size_t at, std::size_t size, string_view what)
    {
        const bool is_whole = expander_.reach(at + size + crc_bytes);
        const base::ByteView bytes = expander_.bytes();
        const base::ByteView fork = bytes.subspan(std::min(at, bytes.size()));
        const base::ByteView content = fork.first(std::min(size, fork.size()));
        if (!is_whole) {
            note("cut short");
        } else if (binhex_crc(content) != number_at(bytes, at + size, crc_bytes)) {
            note("checksum of the " + std::string{what});
        }
        return {content.begin(), content.end()};
    }

    void note(const std::string& damage)
    {
        if (file_.damage.empty()) {
            file_.damage = damage;
        }
    }

private:
    Expander& expander_;
    BinhexFile& file_;
};

/// False where what follows the colon is no header of a file.
bool read_file(Expander& expander, BinhexFile& file)
{
    if (!expander.reach(1)) {
        return false;
    }
    const auto name_bytes = std::to_integer<std::size_t>(expander.bytes()[0]);
    const std::size_t header_bytes = 1 + name_bytes + header_bytes_behind_name;
    constexpr std::size_t name_bytes_max = 63;
    if (name_bytes == 0 || name_bytes > name_bytes_max ||
        !expander.reach(header_bytes + crc_bytes)) {
        return false;
    }
    const base::Bytes header{expander.bytes().begin(),
                             expander.bytes().begin() + static_cast<std::ptrdiff_t>(header_bytes)};
    file.name = to_utf8(base::as_text(header).substr(1, name_bytes), "macintosh").text;
    const auto data_bytes = number_at(header, header_bytes - 8, 4);
    const auto resource_bytes = number_at(header, header_bytes - 4, 4);
    Forks forks{expander, file};
    if (binhex_crc(header) != number_at(expander.bytes(), header_bytes, crc_bytes)) {
        forks.note("checksum of the header");
    }
    const std::size_t data = header_bytes + crc_bytes;
    file.data = forks.take(data, data_bytes, "data");
    file.resources = forks.take(data + data_bytes + crc_bytes, resource_bytes, "resources");
    expander.finish();
    if (!expander.is_closed()) {
        forks.note("no end");
    }
    file.was_cut = expander.was_cut();
    return true;
}

/// The colon at a line's start from `at` on.
std::size_t find_colon(string_view text, std::size_t at)
{
    for (at = text.find(':', at); at != string_view::npos; at = text.find(':', at + 1)) {
        if (at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r') {
            break;
        }
    }
    return at;
}

/// The line that says what to do with the file. RFC 1741 §4.
std::size_t find_announcement(string_view text, std::size_t at)
{
    constexpr string_view start = "(This file must be converted with BinHex";
    for (at = text.find("(T", at); at != string_view::npos; at = text.find("(T", at + 1)) {
        if (starts_ignoring_case(text.substr(at), start)) {
            break;
        }
    }
    return at;
}

} // namespace

std::vector<BinhexFile> find_binhex(base::ByteView bytes, std::size_t files_max, BinhexStart start,
                                    std::size_t bytes_max)
{
    const string_view text = base::as_text(bytes);
    std::vector<BinhexFile> files;
    std::size_t at = 0;
    while (files.size() < files_max && at < text.size()) {
        const bool is_announced = start == BinhexStart::announced;
        const std::size_t begin = is_announced ? find_announcement(text, at) : at;
        const std::size_t colon = begin == string_view::npos ? begin : find_colon(text, begin);
        if (colon == string_view::npos) {
            break;
        }
        BinhexFile file;
        file.begin = is_announced ? begin : colon;
        Expander expander{text, colon + 1, bytes_max};
        if (read_file(expander, file)) {
            bytes_max -= std::min(bytes_max, file.data.size() + file.resources.size());
            file.end = expander.end();
            files.push_back(std::move(file));
        }
        at = std::max(expander.end(), colon + 1);
    }
    return files;
}

} // namespace watchpost::message
