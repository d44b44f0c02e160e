// The unpacker as its inspector sees it: a channel to a process that may run a program.
//
// Once the channel has failed, everything asked of it is unavailable; the pipeline replaces both
// processes before the next message. Confined to one thread.
#pragma once

#include "ipc/channel.h"
#include "unpack/program.h"

namespace watchpost::pipeline {

class UnpackerClient final : public unpack::Program {
public:
    explicit UnpackerClient(ipc::Channel channel) : channel_{std::move(channel)} {}

    [[nodiscard]] unpack::ProgramOutcome open(const unpack::ProgramRequest& request,
                                              unpack::ProgramSink& sink) override;

private:
    [[nodiscard]] base::Result<void> send_order(const unpack::ProgramRequest& request);
    [[nodiscard]] base::Result<unpack::ProgramOutcome>
    converse(const unpack::ProgramRequest& request, unpack::ProgramSink& sink);
    [[nodiscard]] base::Result<unpack::ProgramSink::Next>
    deliver(const ipc::Message& message, const unpack::ProgramRequest& request,
            unpack::ProgramSink& sink);

    ipc::Channel channel_;
    bool is_broken_ = false;
};

} // namespace watchpost::pipeline
