// Whoever connected and has not said who he is: taken from the listening socket, heard as soon as
// he speaks, dropped when he does not. Waits for nobody. Private; one thread.
#pragma once

#include <poll.h>

#include <cstddef>
#include <list>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "hub/listener.h"
#include "os/unique_fd.h"

namespace watchpost::hub {

struct Guest {
    Peer peer;
    os::UniqueFd socket;
};

class Doorway {
public:
    /// Both outlive it.
    Doorway(int listening, const Service& service) : listening_{listening}, service_{service} {}

    /// Adds what to poll for; `room`: how many more links there may be.
    void watch(std::vector<pollfd>& events, std::size_t room) const;
    /// When take() is due though nothing came.
    [[nodiscard]] base::Deadline next_deadline() const;
    /// After the poll: those who said who they are and may enter.
    [[nodiscard]] std::vector<Guest> take(std::span<const pollfd> events);

private:
    struct Waiting {
        Guest guest;
        base::Deadline until;
    };
    void accept_one();
    void note_trouble(const std::string& error);
    [[nodiscard]] std::size_t count_of(uid_t uid) const;

    const int listening_;
    const Service& service_;
    std::list<Waiting> waiting_;
    base::Deadline accept_from_{}; // not before
    std::string trouble_;
};

} // namespace watchpost::hub
