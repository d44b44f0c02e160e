// The end of a link that a child process, or a command, has to control.
//
// Keeps the link up: where control is away it tries again, 100 ms doubling to 2 s. Meanwhile calls
// and notices fail at once with connection_lost, Retry::later. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "hub/link.h"

namespace watchpost::hub {

class Client {
public:
    /// Starts connecting to control's socket as `role`: "collector", "pipeline", "supervisor".
    Client(std::filesystem::path socket, std::string role, Handlers handlers);
    ~Client(); // says goodbye, ends the link and waits for the handlers
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] base::Result<Document> call(std::string_view method, const std::string& json,
                                              base::Deadline deadline);
    [[nodiscard]] base::Result<void> notify(std::string_view method, const std::string& json);

    /// Why the last try to connect failed, in words; empty while the link is up.
    [[nodiscard]] std::string last_error() const;

private:
    class Body;
    std::unique_ptr<Body> body_;
};

/// One link for one command (`watchpost status`): an error where control cannot be reached, saying
/// so.
[[nodiscard]] base::Result<std::unique_ptr<Link>>
connect(const std::filesystem::path& socket, std::string_view role, base::Deadline deadline);

} // namespace watchpost::hub
