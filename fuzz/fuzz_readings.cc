// Every reading that a message leaves open, each leaf decoded as that reading decodes it. The plan
// ends, whatever the readings leave open in their turn.
#include <cstdint>
#include <cstdlib>

#include "message/message.h"
#include "message/reading_plan.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto raw = std::as_bytes(std::span{data, size});
    const message::Limits limits{.depth_max = 12, .parts_max = 200};
    std::vector<message::Defect> defects;
    message::ReadingPlan plan{message::Message::parse(raw, limits).suggested()};
    std::size_t left = message::ReadingPlan::variants_max + message::ReadingPlan::profiles_max;
    for (auto reading = plan.next(); reading; reading = plan.next()) {
        const auto parsed = message::Message::parse(raw, limits, reading->departures);
        for (const auto* part : message::leaves(parsed)) {
            static_cast<void>(message::DecodedContent::decode(*part, defects, reading->departures));
        }
        plan.learn(*reading, parsed.suggested());
        if (left-- == 0 || message::explain_reading(reading->name).empty()) {
            std::abort();
        }
    }
    return 0;
}
