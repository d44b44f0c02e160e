#include "net/address_memory.h"

#include <algorithm>
#include <utility>

namespace watchpost::net {

const AddressMemory::Failure* AddressMemory::find(std::string_view server, std::uint16_t port,
                                                  std::string_view address) const
{
    const auto found = std::ranges::find_if(failures_, [&](const Failure& known) {
        return known.port == port && known.server == server && known.address == address;
    });
    const bool counts = found != failures_.end() && clock_() - found->at < remembered_max;
    return counts ? &*found : nullptr;
}

void AddressMemory::note_failure(std::string_view server, std::uint16_t port,
                                 std::string_view address)
{
    const std::lock_guard held{lock_};
    const auto now = clock_();
    std::erase_if(failures_, [&](const Failure& known) {
        return now - known.at >= remembered_max ||
               (known.port == port && known.server == server && known.address == address);
    });
    if (failures_.size() == addresses_max) {
        failures_.erase(failures_.begin());
    }
    failures_.push_back(
        {.server = std::string{server}, .port = port, .address = std::string{address}, .at = now});
}

bool AddressMemory::has_failed(std::string_view server, std::uint16_t port,
                               std::string_view address) const
{
    const std::lock_guard held{lock_};
    return find(server, port, address) != nullptr;
}

std::vector<std::string> AddressMemory::put_last(std::string_view server, std::uint16_t port,
                                                 std::vector<std::string> addresses) const
{
    const std::lock_guard held{lock_};
    std::vector<std::pair<const Failure*, std::string>> failed;
    std::vector<std::string> ordered;
    ordered.reserve(addresses.size());
    failed.reserve(addresses.size());
    for (auto& address : addresses) {
        if (const Failure* const failure = find(server, port, address)) {
            failed.emplace_back(failure, std::move(address));
        } else {
            ordered.push_back(std::move(address));
        }
    }
    // failures_ is in the order of time, so that its places are.
    std::ranges::sort(failed, std::less{}, &std::pair<const Failure*, std::string>::first);
    for (auto& [failure, address] : failed) {
        ordered.push_back(std::move(address));
    }
    return ordered;
}

void AddressMemory::forget(std::string_view server, std::uint16_t port)
{
    const std::lock_guard held{lock_};
    std::erase_if(failures_, [&](const Failure& known) {
        return known.port == port && known.server == server;
    });
}

} // namespace watchpost::net
