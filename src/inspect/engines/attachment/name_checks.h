// Checks of a file's name and of what it claims to be against what it is.
#pragma once

#include "inspect/engines/attachment/file_kind.h"
#include "inspect/engines/attachment/file_name.h"
#include "inspect/engines/attachment/reporter.h"

namespace watchpost::inspect::attachment {

/// For attachments and members of archives; not for the streams inside documents, which nobody sees
/// by name.
void check_file(const Leaf& leaf, const FileName& name, FileKind kind, Reporter& reporter);

} // namespace watchpost::inspect::attachment
