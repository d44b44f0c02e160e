// What an inspector in an attacker's hands may send home, in any order; and the other direction.
#include "ipc/wire.h"
#include "os/memfd.h"
#include "pipeline/inspector_dialogue.h"

using namespace watchpost;
namespace protocol = watchpost::pipeline::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ipc::WireReader reader{std::as_bytes(std::span{data, size})};
    pipeline::InspectorDialogue dialogue{{}, pipeline::InspectorDialogue::Leaves::exported};
    while (reader.is_good()) { // each message: kind, has it a descriptor?, payload
        ipc::Message message{reader.u8(), {}, {}};
        if (reader.u8() == 1) {
            message.fds.push_back(os::make_sealed_memfd("leaf", {}).value());
        }
        const auto payload = reader.bytes(size);
        message.payload.assign(payload.begin(), payload.end());
        static_cast<void>(protocol::decode_configure(payload));
        static_cast<void>(protocol::decode_inspect(payload));
        static_cast<void>(protocol::decode_leaf_taken(payload));
        static_cast<void>(dialogue.on_message(std::move(message)));
        if (dialogue.state() == pipeline::InspectorDialogue::State::idle) {
            static_cast<void>(dialogue.begin());
        }
    }
    return 0;
}
