#include "http/exchange.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace watchpost::http {

namespace asio = boost::asio;

void Responder::Exchange::complete(Response response)
{
    asio::post(timer_.get_executor(),
               [self = shared_from_this(), response = std::move(response)]() mutable {
                   if (!self->response_) {
                       self->response_ = std::move(response);
                       self->timer_.cancel();
                   }
               });
}

asio::awaitable<Response> Responder::Exchange::wait(std::chrono::seconds time_max)
{
    timer_.expires_after(time_max);
    boost::system::error_code ignored;
    if (!response_) {
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (!response_) {
        response_ = Response{503, {{"content-type", "text/plain"}}, "no answer in time\n", nullptr};
    }
    co_return std::move(*response_);
}

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_{std::move(exchange)} {}

Responder::Responder(Responder&&) noexcept = default;
Responder& Responder::operator=(Responder&&) noexcept = default;

Responder::~Responder()
{
    if (exchange_) {
        exchange_->complete(
            Response{500, {{"content-type", "text/plain"}}, "no answer\n", nullptr});
    }
}

void Responder::send(Response response)
{
    exchange_->complete(std::move(response));
    exchange_.reset();
}

} // namespace watchpost::http
