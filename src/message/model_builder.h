// Fills the message data model from a message. docs/message-data-model.md says what comes from
// where. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "message/address.h"
#include "message/body_text.h"
#include "message/defect.h"
#include "message/html.h"
#include "message/message.h"
#include "model/message_model.h"

namespace watchpost::message {

/// What the model keeps. Reaching one is a defect "limit_…"; the leaves themselves are not cut.
struct ModelLimits {
    std::size_t plain_bytes_max = std::size_t{1} << 20U; // of all plain bodies together
    std::size_t html_bytes_max = std::size_t{2} << 20U;  // of all HTML bodies together
    std::size_t fields_max = 2'000;
    std::size_t field_bytes_max = std::size_t{64} << 10U; // of one value
    std::size_t addresses_max = 2'000;                    // of one field
    std::size_t hops_max = 500;
    std::size_t ids_max = 2'000; // of References
    std::size_t authentication_fields_max = 50;
    HtmlLimits html; // links_max counts for the message
};

struct LeafDigest {
    std::uint64_t size = 0; // decoded
    crypto::Sha256 sha256{};
};

/// An HTML body as it was read before.
struct HtmlBody {
    HtmlSource source;
    HtmlReading reading;
};

struct ModelOptions {
    /// Whose Authentication-Results are believed, by authserv-id; case is ignored.
    std::vector<std::string> trusted_servers;
    /// What the caller knows already; nullopt (or no function) has the part decoded and hashed.
    std::function<std::optional<LeafDigest>(const Part&)> digest_of;
    /// What the caller has read already, by the limits of the model; nullopt (or no function) has
    /// the part read. Asked once a part.
    std::function<std::optional<HtmlBody>(const Part&)> html_of;
    /// The message that the model is of: an embedded one, or null for the whole.
    const Part* root = nullptr;
    /// Takes the defects that are found on the way; may be null.
    std::vector<Defect>* defects = nullptr;
};

/// Members of addresses are as the model has them: the domain in lower case.
[[nodiscard]] model::Mailbox to_mailbox(Address address);

[[nodiscard]] model::Link to_model(HtmlLink link, const std::string& part);
/// All but part, reading, texts, objects and was_cut.
[[nodiscard]] model::HtmlDocument to_model(HtmlFacts facts);

[[nodiscard]] model::MessageModel build_model(const Message& message,
                                              const ModelLimits& limits = {},
                                              const ModelOptions& options = {});

} // namespace watchpost::message
