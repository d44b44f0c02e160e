// Gives a spool full segments that wait for a checkpoint, and nothing in them that is still needed:
// the next commit writes one and removes segments.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spool/spool.h"

namespace watchpost::test {

inline constexpr std::string_view uid_of_past = "prefilled-"; // they begin so
inline constexpr std::string_view mailbox_of_past = "elsewhere";

/// False where the spool does not take it.
[[nodiscard]] inline bool give_past(const std::filesystem::path& folder)
{
    spool::SpoolOptions options;
    options.segment_bytes_max = 300;
    options.checkpoint_segments = 1000;
    const auto spool = spool::Spool::open(folder, options);
    std::vector<spool::SpoolId> ids;
    for (int i = 0; spool && i < 12; ++i) {
        std::vector<spool::Arrival> batch;
        batch.push_back({(*spool)->begin(300).value(), {}});
        batch[0].receipt.key.mailbox = mailbox_of_past;
        batch[0].receipt.uid = std::string{uid_of_past} + std::to_string(i);
        const auto written = batch[0].content->append(base::as_bytes(std::string(300, 'x')));
        const auto committed = (*spool)->commit(std::move(batch));
        if (!written || !committed) {
            return false;
        }
        ids.push_back(committed->front());
    }
    return spool && (*spool)->settle(ids);
}

} // namespace watchpost::test
