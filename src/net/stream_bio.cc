#include "net/stream_bio.h"

#include "base/assert.h"

namespace watchpost::net {

namespace {

Transport& transport_of(BIO* bio)
{
    return *static_cast<Transport*>(BIO_get_data(bio));
}

int read_through(BIO* bio, char* data, std::size_t size, std::size_t* count) noexcept
{
    Transport& transport = transport_of(bio);
    BIO_clear_retry_flags(bio);
    *count = 0;
    if (size == 0) {
        return 0;
    }
    auto result = transport.stream->read_some(std::as_writable_bytes(std::span{data, size}),
                                              transport.deadline);
    if (!result) {
        if (result.error().code() == base::ErrorCode::timed_out) {
            BIO_set_retry_read(bio); // nothing is lost: the caller may come again
        }
        transport.error = std::move(result).error();
        return 0;
    }
    transport.has_ended = *result == 0;
    *count = *result;
    return *result > 0 ? 1 : 0;
}

int write_through(BIO* bio, const char* data, std::size_t size, std::size_t* count) noexcept
{
    Transport& transport = transport_of(bio);
    BIO_clear_retry_flags(bio);
    auto result =
        transport.stream->write_all(std::as_bytes(std::span{data, size}), transport.deadline);
    *count = 0;
    if (!result) {
        transport.error = std::move(result).error();
        return 0;
    }
    *count = size;
    return 1;
}

long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) noexcept
{
    switch (command) { // of some fifty commands these two concern us; 0 means "not supported"
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return transport_of(bio).has_ended ? 1 : 0;
    default:
        return 0;
    }
}

/// Made once and never freed: OpenSSL may use it until the process ends.
const BIO_METHOD* stream_method()
{
    static BIO_METHOD* const method = [] {
        BIO_METHOD* const made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "watchpost stream");
        WP_ASSERT(made != nullptr);
        BIO_meth_set_read_ex(made, read_through);
        BIO_meth_set_write_ex(made, write_through);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return method;
}

} // namespace

Bio make_stream_bio(Transport& transport)
{
    Bio bio{BIO_new(stream_method())};
    WP_ASSERT(bio != nullptr);
    BIO_set_data(bio.get(), &transport);
    BIO_set_init(bio.get(), 1);
    return bio;
}

} // namespace watchpost::net
