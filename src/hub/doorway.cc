#include "hub/doorway.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "hub/socket.h"

namespace watchpost::hub {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds hello_time_max{2};
constexpr std::chrono::milliseconds pause_without_descriptors{500};
constexpr std::size_t silent_of_a_user_max = 8; // of one user; others are not kept out by his

bool came(std::span<const pollfd> events, int fd)
{
    return std::ranges::any_of(
        events, [fd](const pollfd& event) { return event.fd == fd && event.revents != 0; });
}

} // namespace

void Doorway::watch(std::vector<pollfd>& events, std::size_t room) const
{
    if (waiting_.size() < room && Clock::now() >= accept_from_) {
        events.push_back({listening_, POLLIN, 0});
    }
    for (const Waiting& waiting : waiting_) {
        events.push_back({waiting.guest.socket.get(), POLLIN, 0});
    }
}

base::Deadline Doorway::next_deadline() const
{
    auto next = base::Deadline::max();
    if (Clock::now() < accept_from_) {
        next = accept_from_;
    }
    for (const Waiting& waiting : waiting_) {
        next = std::min(next, waiting.until);
    }
    return next;
}

std::vector<Guest> Doorway::take(std::span<const pollfd> events)
{
    std::vector<Guest> guests;
    const auto now = Clock::now();
    std::erase_if(waiting_, [&](Waiting& waiting) {
        if (!came(events, waiting.guest.socket.get())) {
            return waiting.until <= now;
        }
        auto peer = welcome(waiting.guest.socket.get(), waiting.guest.peer, service_.admit);
        if (peer) {
            guests.push_back({*std::move(peer), std::move(waiting.guest.socket)});
        }
        return true;
    });
    if (came(events, listening_)) {
        accept_one();
    }
    return guests;
}

void Doorway::accept_one()
{
    os::UniqueFd socket{::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)};
    if (!socket.is_open()) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            note_trouble(base::system_error("take a link", errno).describe());
            accept_from_ = Clock::now() + pause_without_descriptors; // it would fail at once again
        }
        return;
    }
    note_trouble("");
    auto peer = who_is(socket.get());
    if (peer && count_of(peer->uid) < silent_of_a_user_max) {
        waiting_.push_back({{*std::move(peer), std::move(socket)}, Clock::now() + hello_time_max});
    }
}

void Doorway::note_trouble(const std::string& error)
{
    if (std::exchange(trouble_, error) != error && service_.on_trouble) {
        service_.on_trouble(error);
    }
}

std::size_t Doorway::count_of(uid_t uid) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        waiting_, [uid](const Waiting& waiting) { return waiting.guest.peer.uid == uid; }));
}

} // namespace watchpost::hub
