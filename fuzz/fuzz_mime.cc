// A whole message: the tree, leaves decoded, encoded files in texts, the model and its JSON. The
// limits are small, so that reaching them is part of what is tried.
#include <cstdint>
#include <cstdlib>

#include "message/embedded_files.h"
#include "message/message.h"
#include "message/model_builder.h"
#include "model/json.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    message::Limits limits;
    limits.depth_max = 12;
    limits.parts_max = 200;
    const auto parsed = message::Message::parse(std::as_bytes(std::span{data, size}), limits);
    std::vector<message::Defect> defects;
    for (const auto* part : message::leaves(parsed)) {
        const auto decoded = message::DecodedContent::decode(*part, defects);
        (void)message::find_embedded_files(decoded.bytes(), "", part->path, limits, defects);
    }
    const auto model = message::build_model(parsed);
    const auto read = model::from_json(model::to_json(model));
    if (!read || !(*read == model) || parsed.defects().size() > limits.defects_max) {
        std::abort();
    }
    return 0;
}
