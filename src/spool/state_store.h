// Small durable facts that belong to a spool: the generation of a maildrop, refused log-ins.
//
// A name has one value; names are "component/…" so that the users do not meet. Thread rule: that of
// the implementation (Spool: thread-safe).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::spool {

class StateStore {
public:
    static constexpr std::size_t name_bytes_max = 512;
    static constexpr std::size_t value_bytes_max = 32'768; // a sealed token of 16 KiB
    static constexpr std::size_t names_max = 100'000;

    virtual ~StateStore() = default;
    StateStore(const StateStore&) = delete;
    StateStore& operator=(const StateStore&) = delete;

    [[nodiscard]] virtual std::optional<std::string> get(std::string_view name) const = 0;

    /// Durable on return; an empty value forgets the name. Over a limit: limit_exceeded.
    [[nodiscard]] virtual base::Result<void> put(std::string_view name, std::string_view value) = 0;

    /// Forgets all names of which that is so; durable together on return, by one sync. Where it
    /// fails some may be forgotten. `is_over` uses no store.
    [[nodiscard]] virtual base::Result<void>
    forget_if(const std::function<bool(std::string_view name)>& is_over) = 0;

protected:
    StateStore() = default;
};

} // namespace watchpost::spool
