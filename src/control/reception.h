// What control does when the other processes come, go, tell or ask something. Thread-safe.
//
// A message is "settled" for the collector only after the store's commit; every step may come
// twice, since the store has each spool id once.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "control/control.h"
#include "control/live_backend.h"
#include "control/service_board.h"
#include "diag/log.h"
#include "hub/listener.h"
#include "store/writer.h"

namespace watchpost::control {

class Reception {
public:
    /// All of them outlive it; attach() comes before the first peer.
    Reception(const PeerUsers& users, store::Writer& writer, api::Api& api, LiveBackend& backend,
              ServiceBoard& board, const diag::Log& log)
        : users_{users}
        , writer_{writer}
        , api_{api}
        , backend_{backend}
        , board_{board}
        , log_{log}
    {
    }

    void attach(hub::Listener& listener) noexcept { listener_ = &listener; }

    /// For Listener::make.
    [[nodiscard]] hub::Service service();

private:
    [[nodiscard]] base::Result<void> admit(const hub::Peer& peer) const;
    void on_connected(const hub::Peer& peer);
    void on_lost(const hub::Peer& peer);
    /// Whether a process of that role is there now.
    bool note_presence(const std::string& role);
    void on_trouble(const std::string& error);
    void on_notice(const hub::Peer& peer, std::string_view method, const std::string& json);
    void on_collector_notice(std::string_view method, const std::string& json);
    [[nodiscard]] base::Result<hub::Document>
    on_call(const hub::Peer& peer, std::string_view method, const std::string& json);
    [[nodiscard]] base::Result<hub::Document> record(const std::string& json);
    [[nodiscard]] base::Result<hub::Document> recorded(const std::string& json) const;
    [[nodiscard]] base::Result<hub::Document> awaiting_reinspection(const std::string& json) const;
    [[nodiscard]] base::Result<hub::Document> reset_password(const std::string& json);

    const PeerUsers users_;
    store::Writer& writer_;
    api::Api& api_;
    LiveBackend& backend_;
    ServiceBoard& board_;
    const diag::Log& log_;
    hub::Listener* listener_ = nullptr;
    std::mutex presence_lock_;
};

} // namespace watchpost::control
