// Containers that only a program outside opens, told as all others are.
#pragma once

#include <string>
#include <vector>

#include "unpack/format.h"
#include "unpack/meter.h"
#include "unpack/passwords.h"
#include "unpack/program.h"

namespace watchpost::unpack {

/// A format without a reader of ours. `program` may be null.
void unpack_by_program(const Format& format, base::ByteView bytes, Passwords& passwords,
                       Program* program, Meter& meter);

/// The encrypted members of an archive of which the rest was read; an empty list where the names
/// are encrypted, too.
void open_encrypted_by_program(const Format& format, base::ByteView bytes,
                               const std::vector<std::string>& members, Passwords& passwords,
                               Program& program, Meter& meter);

} // namespace watchpost::unpack
