// Any message at all is walked to its end, and its report crosses the border.
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "inspect/inspection.h"
#include "inspect/report_codec.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto inspection = [] {
        inspect::InspectionSettings settings;
        settings.unpack_limits.total_bytes_max = std::uint64_t{1} << 20U;
        settings.archive_passwords = {"infected"};
        return inspect::Inspection::prepare(settings, {}).value();
    }();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    const auto copies = model::all_copy_settings.at(size % model::all_copy_settings.size());
    const auto report =
        inspection->run(std::as_bytes(std::span{data, size}), {deadline, copies}, nullptr);
    if (!inspect::decode_report(inspect::encode_report(report), {})) {
        std::abort();
    }
    return 0;
}
