// A server's reply to one request, from octets that come in pieces of any size. RFC 9112 §6.
//
// Does no I/O; wraps Beast's parser. What the server sends is data: no size of it is trusted, and a
// redirect is a reply like any other. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/form_post.h"

namespace watchpost::http {

class ReplyReader {
public:
    static constexpr std::size_t header_bytes_max = std::size_t{16} << 10U;
    static constexpr std::size_t body_bytes_max = std::size_t{64} << 10U;
    // Of all octets: chunks of a few octets each bring lines of their own. RFC 9112 §7.1
    static constexpr std::size_t octets_max = std::size_t{1} << 20U;
    static constexpr unsigned interim_replies_max = 4; // 1xx. RFC 9110 §15.2

    ReplyReader();
    ~ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    /// protocol_violation or limit_exceeded; then it must not be fed again. Octets behind the end
    /// of the reply are left alone.
    [[nodiscard]] base::Result<void> feed(std::string_view octets);

    /// The peer has ended the stream in good order: an end of the body where it announced none.
    [[nodiscard]] base::Result<void> end();

    [[nodiscard]] bool is_done() const noexcept;

    /// is_done() holds.
    [[nodiscard]] Reply take();

private:
    struct Parser;
    [[nodiscard]] base::Result<void> parse();
    [[nodiscard]] bool is_too_little() const;

    std::unique_ptr<Parser> parser_;
    std::string pending_;    // what the parser has not taken yet
    std::size_t octets_ = 0; // that were fed
    unsigned interim_replies_ = 0;
};

} // namespace watchpost::http
