// Unix sockets with a path, and the first words on a link: who is there, and may he? Private.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "hub/listener.h"
#include "os/unique_fd.h"

namespace watchpost::hub {

[[nodiscard]] base::Result<os::UniqueFd> listen_at(const std::filesystem::path& path);

/// Connects and says `role`; the other side's refusal is the error.
[[nodiscard]] base::Result<os::UniqueFd> connect_as(const std::filesystem::path& path,
                                                    std::string_view role, base::Deadline deadline);

/// Who connected, as the kernel says.
[[nodiscard]] base::Result<Peer> who_is(int socket);

/// Takes the hello that is there to be read, with the role in it, and answers it by what `admit`
/// says. Never waits.
[[nodiscard]] base::Result<Peer>
welcome(int socket, Peer peer, const std::function<base::Result<void>(const Peer&)>& admit);

} // namespace watchpost::hub
