#include "unpack/rtf_objects.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "unpack/rtf_tokens.h"

namespace watchpost::unpack {
namespace {

/// Octets out of digits; everything else between them is passed over.
class HexOctets {
public:
    void add_digits(std::string_view text)
    {
        for (const char c : text) {
            const int digit = base::hex_value(c);
            if (digit < 0) {
                continue;
            }
            if (half_ < 0) {
                half_ = digit;
            } else {
                octets_.push_back(static_cast<std::byte>(half_ << 4 | digit));
                half_ = -1;
            }
        }
    }
    void add_octets(std::string_view text)
    {
        drop_half();
        const auto octets = base::as_bytes(text);
        octets_.insert(octets_.end(), octets.begin(), octets.end());
    }
    void drop_half() { half_ = -1; }
    [[nodiscard]] bool has_half() const noexcept { return half_ >= 0; }
    [[nodiscard]] base::Bytes take() { return std::exchange(octets_, {}); }

private:
    base::Bytes octets_;
    int half_ = -1; // the digit that waits for its second
};

std::optional<RtfObject::Kind> kind_of(std::string_view word)
{
    if (word == "objdata") {
        return RtfObject::Kind::object;
    }
    if (word == "pict") {
        return RtfObject::Kind::picture;
    }
    return word == "datastore" ? std::optional{RtfObject::Kind::data_store} : std::nullopt;
}

class Collector {
public:
    Collector(const RtfReading& reading, std::size_t objects_max)
        : reading_{reading}
        , objects_max_{objects_max}
    {
    }

    void take(const RtfToken& token);
    [[nodiscard]] RtfObjects finish();
    [[nodiscard]] bool is_full() const noexcept { return found_.was_cut; }

private:
    /// An object that is being read: what stands in its group, and in groups within.
    struct Open {
        RtfObject::Kind kind = RtfObject::Kind::object;
        std::size_t depth = 0;
        HexOctets octets;
    };

    void on_word(const RtfToken& word);
    void on_symbol(std::string_view symbol);
    void on_text(std::string_view text);
    void close_group();
    void end_object();
    [[nodiscard]] bool is_in_object() const noexcept
    {
        return !open_.empty() && open_.back().kind == RtfObject::Kind::object;
    }
    [[nodiscard]] bool is_skipping() const noexcept
    {
        return skipped_from_ > 0 &&
               (reading_.destinations == RtfReading::Destinations::skipped || !is_in_object());
    }

    RtfReading reading_;
    std::size_t objects_max_;
    RtfObjects found_;
    std::vector<Open> open_;
    std::size_t depth_ = 0;
    std::size_t skipped_from_ = 0; // depth of the group with \* that is passed over; 0: none
    bool was_star_ = false;        // the next word is a destination that may be passed over
    std::size_t escape_left_ = 0;  // digits of \' that come next
};

void Collector::take(const RtfToken& token)
{
    switch (token.kind) {
    case RtfToken::Kind::open:
        ++depth_;
        was_star_ = false;
        return;
    case RtfToken::Kind::close:
        return close_group();
    case RtfToken::Kind::word:
        return on_word(token);
    case RtfToken::Kind::symbol:
        return on_symbol(token.text);
    case RtfToken::Kind::text:
        return on_text(token.text);
    case RtfToken::Kind::binary:
        if (!open_.empty()) {
            open_.back().octets.add_octets(token.text);
        }
        return;
    }
}

/// A second \objdata in the group of the first one begins anew: Word keeps the last.
void Collector::on_word(const RtfToken& word)
{
    escape_left_ = 0;
    const bool is_destination = std::exchange(was_star_, false);
    const auto kind = kind_of(word.text);
    if (!kind) {
        const bool is_within = !open_.empty() && depth_ > open_.back().depth;
        if (is_destination && is_within && skipped_from_ == 0) {
            skipped_from_ = depth_;
        }
        return;
    }
    if (!open_.empty() && open_.back().depth == depth_) {
        end_object();
    }
    skipped_from_ = 0;
    open_.push_back({*kind, depth_, {}});
}

void Collector::on_symbol(std::string_view symbol)
{
    was_star_ = symbol == "*";
    if (symbol != "'") {
        return;
    }
    escape_left_ = 2;
    if (!is_in_object() || !open_.back().octets.has_half()) {
        return;
    }
    found_.is_disputed = true;
    if (reading_.escapes == RtfReading::Escapes::drop_digit) {
        open_.back().octets.drop_half();
    }
}

void Collector::on_text(std::string_view text)
{
    was_star_ = was_star_ && text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const auto escaped = std::min(std::exchange(escape_left_, std::size_t{0}), text.size());
    text.remove_prefix(escaped);
    if (open_.empty() || text.empty()) {
        return;
    }
    found_.is_disputed = found_.is_disputed || (is_in_object() && skipped_from_ > 0);
    if (!is_skipping()) {
        open_.back().octets.add_digits(text);
    }
}

void Collector::close_group()
{
    if (skipped_from_ == depth_) {
        skipped_from_ = 0;
    }
    if (!open_.empty() && open_.back().depth >= depth_) {
        end_object();
    }
    depth_ -= depth_ > 0 ? 1 : 0; // a text may close what it never opened
}

void Collector::end_object()
{
    RtfObject object{open_.back().kind, open_.back().octets.take()};
    open_.pop_back();
    if (object.octets.empty()) {
        return;
    }
    if (found_.objects.size() >= objects_max_) {
        found_.was_cut = true;
        return;
    }
    found_.objects.push_back(std::move(object));
}

RtfObjects Collector::finish()
{
    while (!open_.empty()) {
        end_object();
    }
    return std::move(found_);
}

} // namespace

RtfObjects read_rtf_objects(base::ByteView rtf, const RtfReading& reading, std::size_t objects_max)
{
    Collector collector{reading, objects_max};
    RtfTokens tokens{rtf};
    for (auto token = tokens.next(); token && !collector.is_full(); token = tokens.next()) {
        collector.take(*token);
    }
    return collector.finish();
}

} // namespace watchpost::unpack
