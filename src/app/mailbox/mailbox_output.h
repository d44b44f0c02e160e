// What `watchpost mailbox` prints of the documents of the API. Texts are quoted. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::app {

enum class Steps : std::uint8_t { hide, show };

void print_mailboxes(const std::string& json);
void print_polls(const std::string& json, Steps steps);

void print_server(const std::string& json);
void print_set_aside(const std::string& json);

} // namespace watchpost::app
