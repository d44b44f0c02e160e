// One container through 7-Zip: the list of its members, then their bytes, with each password until
// one is right.
//
// Not thread-safe. Starts processes, so it belongs to the unpacker alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/piped_program.h"
#include "unpack/program.h"
#include "unpack/seven_zip.h"

namespace watchpost::pipeline {

class UnpackerRun {
public:
    /// `request.bytes` is not looked at: they are in the file `container_fd`. The request and the
    /// sink outlive this.
    UnpackerRun(int program_fd, int container_fd, const unpack::ProgramRequest& request,
                unpack::ProgramSink& sink);

    [[nodiscard]] unpack::ProgramOutcome run();

private:
    using State = unpack::ProgramOutcome::State;
    using Piece = unpack::MemberSplitter::Piece;
    using Next = unpack::ProgramSink::Next;
    /// How one password went; nullopt: it is wrong.
    using Try = std::optional<unpack::ProgramOutcome>;

    [[nodiscard]] Try try_password(const std::string& password, std::size_t number);
    [[nodiscard]] Try read_list(const std::string& password);
    [[nodiscard]] Try read_members(const std::string& password, std::size_t number);
    /// False: the rest is not wanted, or the password is wrong.
    [[nodiscard]] bool pass_on(unpack::MemberSplitter& splitter, std::size_t number);
    [[nodiscard]] bool pass_on(Piece piece, std::size_t number);
    [[nodiscard]] bool deliver(const Piece& piece, std::size_t number, std::string_view damage);
    [[nodiscard]] Try end_of(os::PipedProgram& program) const;
    [[nodiscard]] base::Result<os::PipedProgram> start(std::vector<std::string> what,
                                                       const std::string& password) const;

    int program_fd_;
    int container_fd_;
    const unpack::ProgramRequest& request_;
    unpack::ProgramSink& sink_;
    std::optional<unpack::SevenZipList> list_; // kept where no password was asked for it
    std::vector<Piece> held_;                  // no checksum says yet whether they are right
    std::size_t held_bytes_ = 0;
    bool is_right_ = false;      // a checksum has borne out the password
    bool is_wrong_ = false;      // … or has not
    bool is_enough_ = false;     // the sink wants no more
    bool was_cut_ = false;       // by the limit of one member
    bool has_open_ones_ = false; // members without encryption were delivered by an earlier try
};

} // namespace watchpost::pipeline
