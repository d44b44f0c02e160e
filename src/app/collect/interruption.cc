#include "app/collect/interruption.h"

#include <atomic>
#include <csignal>

#include "base/assert.h"

namespace watchpost::app {
namespace {

std::atomic<net::Cancellation*> cancelled_by_signal{
    nullptr}; // a signal handler has no other way in
static_assert(std::atomic<net::Cancellation*>::is_always_lock_free);

void on_signal(int number)
{
    if (auto* cancellation = cancelled_by_signal.load()) {
        cancellation->cancel();
    }
    std::signal(number, SIG_DFL);
}

} // namespace

Interruption::Interruption(std::unique_ptr<net::Cancellation> cancellation)
    : cancellation_{std::move(cancellation)}
{
    WP_ASSERT(cancelled_by_signal.exchange(cancellation_.get()) == nullptr);
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

Interruption::~Interruption()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    cancelled_by_signal = nullptr;
}

base::Result<std::unique_ptr<Interruption>> Interruption::make()
{
    auto cancellation = net::Cancellation::make();
    if (!cancellation) {
        return base::fail(std::move(cancellation).error());
    }
    return std::unique_ptr<Interruption>{new Interruption{*std::move(cancellation)}};
}

} // namespace watchpost::app
