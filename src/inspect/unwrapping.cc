#include "inspect/unwrapping.h"

#include <string>
#include <utility>

#include "message/link_wrappers.h"

namespace watchpost::inspect {

namespace {

void tell_limit(const model::Link& link, std::string detail, FindingSink& sink)
{
    sink.add(verdict::NotInspected{link.part, "", "limit_link_steps", std::move(detail)});
}

} // namespace

void unwrap_links(std::vector<model::Link>& links, FindingSink& sink, std::size_t bytes_max)
{
    std::size_t bytes = 0;
    bool was_cut_told = false;
    for (model::Link& link : links) {
        auto unwrapped = message::unwrap_link(link.href);
        if (unwrapped.was_cut && !was_cut_told) {
            was_cut_told = true;
            tell_limit(link,
                       "a link is wrapped more than " +
                           std::to_string(message::UnwrappedLink::steps_max) + " times",
                       sink);
        }
        for (auto& step : unwrapped.steps) {
            bytes += step.url.size();
            if (bytes > bytes_max) {
                tell_limit(link, "what stands in the wrapped links is longer than the limit", sink);
                return;
            }
            link.unwrapped.push_back({std::string{step.wrapper}, std::move(step.url)});
        }
    }
}

} // namespace watchpost::inspect
