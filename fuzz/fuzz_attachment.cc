// The attachment engine on any name and content: as a file, and as each stream it reads closely.
#include <cstdint>
#include <string>

#include "inspect/engines/attachment/attachment_engine.h"
#include "support/collecting_sink.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const std::string_view name = text.substr(0, text.find('\n'));
    const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(80, '\0');
    const auto engine = inspect::make_attachment_engine();
    test::CollectingSink sink;
    const auto show = [&](std::string_view path, std::string_view bytes) {
        const inspect::Leaf leaf{path, "strict", {}, {}, name, base::as_bytes(bytes),
                                 {},   nullptr,  {}};
        engine->on_leaf(leaf, {std::chrono::steady_clock::time_point::max()}, sink);
    };
    show("1", ole);
    show("2", std::string_view{"PK\3\4", 4});
    for (const auto* const path :
         {"3", "1!%01Ole10Native", "1!WordDocument", "1!Workbook", "1!VBA/M",
          "1!PowerPoint Document", "2!a.rels", "2!vbaProject.bin"}) {
        show(path, text);
    }
    return 0;
}
