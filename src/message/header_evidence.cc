#include "message/header_evidence.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/time.h"
#include "message/ascii.h"
#include "message/sender_look.h"

namespace watchpost::message {

model::AuthenticationResults to_model(AuthenticationResults field,
                                      const std::vector<std::string>& trusted_servers)
{
    model::AuthenticationResults kept;
    kept.is_trusted =
        !field.server.empty() &&
        std::any_of(trusted_servers.begin(), trusted_servers.end(), [&](const auto& trusted) {
            return equals_ignoring_case(trusted, field.server);
        });
    kept.server = std::move(field.server);
    for (AuthenticationResult& result : field.results) {
        model::AuthenticationResult one;
        one.method = std::move(result.method);
        one.result = std::move(result.result);
        one.reason = std::move(result.reason);
        for (AuthenticationProperty& property : result.properties) {
            one.properties.push_back({std::move(property.name), std::move(property.value)});
        }
        kept.results.push_back(std::move(one));
    }
    return kept;
}

std::vector<model::SenderNote> sender_notes_of(const Part& root, std::size_t field_bytes_max)
{
    std::vector<model::SenderNote> notes;
    for (SenderNote& note : look_at_sender(root, field_bytes_max)) {
        notes.push_back({std::string{note.id}, std::move(note.detail)});
    }
    return notes;
}

void set_delays(std::vector<model::Hop>& hops)
{
    std::optional<base::Instant> before;
    for (std::size_t i = hops.size(); i-- > 0;) {
        const auto time = base::parse_rfc3339(hops[i].time);
        if (!time) {
            continue;
        }
        if (before) {
            hops[i].delay_s =
                std::chrono::duration_cast<std::chrono::seconds>(*time - *before).count();
        }
        before = time;
    }
}

} // namespace watchpost::message
