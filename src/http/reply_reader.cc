#include "http/reply_reader.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/assert.h"

namespace watchpost::http {

namespace beast = boost::beast::http;

using base::ErrorCode;
using base::Result;
using base::Retry;

struct ReplyReader::Parser {
    beast::response_parser<beast::string_body> beast;

    Parser()
    {
        beast.header_limit(header_bytes_max);
        beast.body_limit(body_bytes_max);
        beast.eager(true);
    }
};

namespace {

base::Failure too_large()
{
    return base::fail(ErrorCode::limit_exceeded, Retry::later,
                      "the reply is larger than 64 KiB, or its header than 16 KiB");
}

base::Failure broken(const boost::system::error_code& error)
{
    if (error == beast::error::body_limit || error == beast::error::header_limit) {
        return too_large();
    }
    return base::fail(ErrorCode::protocol_violation, Retry::later,
                      "the reply is not HTTP: " + error.message());
}

} // namespace

ReplyReader::ReplyReader() : parser_{std::make_unique<Parser>()} {}

ReplyReader::~ReplyReader() = default;

bool ReplyReader::is_done() const noexcept
{
    return parser_->beast.is_done();
}

/// Beast 1.81 asserts that what follows a last chunk's size line is there with it. A chunked body's
/// rest is never shorter than "0\r\n\r\n", so less of it may wait for more.
bool ReplyReader::is_too_little() const
{
    constexpr std::size_t last_chunk_octets = 5;
    const auto& beast = parser_->beast;
    return beast.is_header_done() && beast.chunked() && pending_.size() < last_chunk_octets;
}

/// Beast bounds header and body, not the lines of chunks and their trailers: these wait here until
/// they are whole.
Result<void> ReplyReader::feed(std::string_view octets)
{
    if (is_done()) {
        return {};
    }
    octets_ += octets.size();
    pending_ += octets;
    auto parsed = parse();
    if (parsed && !is_done() && (pending_.size() > header_bytes_max || octets_ > octets_max)) {
        return too_large();
    }
    return parsed;
}

Result<void> ReplyReader::parse()
{
    while (!is_done() && !pending_.empty() && !is_too_little()) {
        boost::system::error_code error;
        const auto taken =
            parser_->beast.put(boost::asio::const_buffer{pending_.data(), pending_.size()}, error);
        pending_.erase(0, taken);
        if (error == beast::error::need_more) {
            return {};
        }
        if (error) {
            return broken(error);
        }
        if (is_done() && parser_->beast.get().result_int() / 100 == 1) {
            if (++interim_replies_ > interim_replies_max) {
                return base::fail(ErrorCode::limit_exceeded, Retry::later,
                                  "the server sends interim replies without end");
            }
            parser_ = std::make_unique<Parser>();
        } else if (taken == 0) {
            return {};
        }
    }
    return {};
}

Result<void> ReplyReader::end()
{
    boost::system::error_code error;
    if (!is_done() && parser_->beast.got_some()) { // else Beast asserts
        parser_->beast.put_eof(error);
    }
    return error || !is_done() ? base::fail(ErrorCode::connection_lost, Retry::later,
                                            "the server ended the connection within its reply")
                               : Result<void>{};
}

Reply ReplyReader::take()
{
    WP_ASSERT(is_done());
    auto message = parser_->beast.release();
    return {.status = message.result_int(), .body = std::move(message.body())};
}

} // namespace watchpost::http
