// Into the message data model: what the header tells of the sender and of the message's way.
// Private to model_builder.cc. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "message/authentication_results.h"
#include "message/message.h"
#include "model/message_model.h"

namespace watchpost::message {

/// `trusted_servers`: authserv-ids, case is ignored. A field without one is never trusted.
[[nodiscard]] model::AuthenticationResults
to_model(AuthenticationResults field, const std::vector<std::string>& trusted_servers);

[[nodiscard]] std::vector<model::SenderNote> sender_notes_of(const Part& root,
                                                             std::size_t field_bytes_max);

/// Hops stand from the newest on, with their times.
void set_delays(std::vector<model::Hop>& hops);

} // namespace watchpost::message
