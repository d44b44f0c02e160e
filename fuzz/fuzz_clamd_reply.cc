// No text but clamd's exact word may be read as clean, and a name is never empty.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inspect/engines/clamav/clamd_reply.h"

using namespace watchpost::inspect::clamav;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view line{reinterpret_cast<const char*>(data), size};
    const auto session = parse_session_reply(line);
    const ScanReply reply = parse_scan_reply(session ? session->text : line);
    const bool is_clean_in_error = reply.outcome == ScanOutcome::clean && !line.ends_with("]: OK");
    const bool is_nameless = reply.outcome == ScanOutcome::found && reply.text.empty();
    if (is_clean_in_error || is_nameless) {
        std::abort();
    }
    return 0;
}
