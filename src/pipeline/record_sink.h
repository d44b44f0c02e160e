// Where results go: control's store, as the pipeline sees it.
//
// The service codes against this; the program implements it over the hub, tests by a double. An
// error with Retry::later means "not now": nothing is lost, it is asked again. Calls may block;
// they come from one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "store/records.h"

namespace watchpost::pipeline {

enum class Inspection : std::uint8_t { first, repeated };

class RecordSink {
public:
    static constexpr std::size_t ids_max = 500; // of one call of recorded()

    virtual ~RecordSink() = default;
    RecordSink(const RecordSink&) = delete;
    RecordSink& operator=(const RecordSink&) = delete;

    /// Durable on return. May be said twice: the second time nothing is new.
    [[nodiscard]] virtual base::Result<store::Recorded> record(const store::MessageRecord& record,
                                                               Inspection inspection) = 0;

    /// Which of them are recorded; at most ids_max.
    [[nodiscard]] virtual base::Result<std::vector<store::MessageId>>
    recorded(const std::vector<store::MessageId>& ids) = 0;

    /// Which recorded messages wait for an engine that was down.
    [[nodiscard]] virtual base::Result<std::vector<store::AwaitingMessage>>
    awaiting(std::uint32_t limit) = 0;

protected:
    RecordSink() = default;
};

} // namespace watchpost::pipeline
