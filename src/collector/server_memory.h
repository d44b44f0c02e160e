// What was learned about a server by meeting it, kept from poll to poll: how it has to be asked.
//
// By server and port, so that mailboxes of one server share it; in the spool's StateStore. Nothing
// in it makes a message known or lets one be skipped. A fact is forgotten after some time: the
// server may have been mended. Thread rule: that of the store; each poll has a ServerMemory of its
// own, and several may save at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "collector/size_record.h"
#include "pop3/mechanism.h"
#include "spool/state_store.h"

namespace watchpost::collector {

struct ServerFacts {
    /// One link that broke proves nothing: this many in a row do.
    static constexpr unsigned broken_pipelines_max = 2;

    bool hangs_up_on_capa = false;
    unsigned broken_pipelines = 0; // polls in a row whose link broke only where we asked ahead
    std::vector<pop3::Mechanism> rejected; // announced and refused, while a weaker one logged in
    SizeRecord sizes; // corrects itself: it goes on being counted, and has no age

    /// Messages can be asked for before the one in front has come.
    [[nodiscard]] bool allows_pipelining() const noexcept
    {
        return broken_pipelines < broken_pipelines_max && !sizes.are_estimates() &&
               !sizes.are_too_small();
    }

    friend bool operator==(const ServerFacts&, const ServerFacts&) = default;
};

/// For people: "hangs up on CAPA, which is therefore not asked". Empty: nothing out of the
/// ordinary.
[[nodiscard]] std::vector<std::string> describe(const ServerFacts& facts);

class ServerMemory {
public:
    static constexpr std::chrono::days remembered_max{30};

    /// `store` outlives this.
    ServerMemory(spool::StateStore& store, std::string_view server, std::uint16_t port);

    [[nodiscard]] ServerFacts load(base::Instant now);

    /// Adds what differs from what load() gave, or the last save() took, to what is stored: polls
    /// of other mailboxes may have learned something meanwhile. Durable on return; what is as it
    /// was keeps its age. Sizes that agree are not written down at every poll.
    [[nodiscard]] base::Result<void> save(const ServerFacts& facts, base::Instant now);

    /// The operator has changed something: all but the sizes is tried out anew. Durable on return.
    [[nodiscard]] base::Result<void> start_anew(base::Instant now);

    /// What load() gave, or the last save() took.
    [[nodiscard]] const ServerFacts& known() const noexcept { return known_; }

private:
    struct Stored {
        ServerFacts facts;
        std::optional<base::Instant> learned_at; // the oldest of the facts but the sizes
    };
    [[nodiscard]] Stored read(base::Instant now) const;

    spool::StateStore& store_;
    std::string name_;
    ServerFacts known_;
};

} // namespace watchpost::collector
