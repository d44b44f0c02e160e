// One run of `watchpost scan`: keeps the inspectors busy and tells the results in the order in
// which the messages came.
//
// At most `ahead_max` results wait for an earlier one. Confined to one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "app/scan/scan_output.h"
#include "app/scan/scan_source.h"
#include "inspect/report.h"
#include "pipeline/inspector_pool.h"

namespace watchpost::app {

class ScanRun {
public:
    /// Both outlive the run.
    ScanRun(pipeline::InspectorPool& pool, ScanOutput& output, std::size_t ahead_max,
            model::CopySetting copies)
        : pool_{pool}
        , output_{output}
        , ahead_max_{ahead_max}
        , copies_{copies}
    {
    }

    /// False where the results can no longer be told.
    [[nodiscard]] bool take(ScanItem item);

    /// Waits for all that was taken and tells it.
    void finish();

private:
    struct Pending {
        std::string name;
        std::future<inspect::Report> report; // not valid where there is an error
        std::optional<base::Error> error;
        std::vector<verdict::NotInspected> gaps;
    };

    struct Piece {
        std::string name;
        inspect::PieceInfo said;
    };

    void tell_front();
    /// What messages that are pieces make together, told as one more message each.
    void tell_joined();
    void tell_joined(const std::vector<const Piece*>& set);

    pipeline::InspectorPool& pool_;
    ScanOutput& output_;
    std::size_t ahead_max_;
    model::CopySetting copies_; // of all messages
    std::deque<Pending> pending_;
    std::vector<Piece> pieces_; // the first pieces_max that came

    static constexpr std::size_t pieces_max = 1'000;
};

} // namespace watchpost::app
