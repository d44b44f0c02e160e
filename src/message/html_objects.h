// Files that stand inside a document: the content of data: addresses (RFC 2397), and what scripts
// hold as base64, hexadecimal digits, escapes or lists of octets, to hand it out as a download
// ("HTML smuggling"). Nothing is run: what a script computes is not seen. Linear in the text.
// Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace watchpost::message {

struct HtmlObject {
    std::string name; // under which it would be saved, or "data 1", "script data 2", "page 3.html"
    base::Bytes content;
};

class HtmlObjects {
public:
    explicit HtmlObjects(std::size_t count_max) : count_max_{count_max} {}

    /// `address` begins with "data:"; `name` may be empty.
    void add_address(std::string_view address, std::string_view name);
    /// Each data: address within: of a style, a script, or HTML that nobody has parsed.
    void add_addresses_in(std::string_view text);
    /// The document of <iframe srcdoc>.
    void add_page(std::string_view html);
    /// What a script holds in its texts and lists.
    void add_literals_in(std::string_view script);

    [[nodiscard]] bool were_cut() const noexcept { return were_cut_; }
    [[nodiscard]] std::vector<HtmlObject> take() { return std::move(objects_); }

private:
    void add(std::string_view kind, std::string_view name, base::Bytes content);

    std::size_t count_max_;
    std::vector<HtmlObject> objects_;
    bool were_cut_ = false;
};

} // namespace watchpost::message
