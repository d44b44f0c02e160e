// Checks of what lies inside documents: macros, embedded files, remote templates, encryption.
#pragma once

#include "inspect/engines/attachment/file_kind.h"
#include "inspect/engines/attachment/file_name.h"
#include "inspect/engines/attachment/reporter.h"

namespace watchpost::inspect::attachment {

/// For a member of an OLE file or of a ZIP archive; `parent` is that container.
void check_member(const Leaf& leaf, FileKind kind, Container& parent, Containers& containers,
                  Reporter& reporter);

/// For a text that a spreadsheet program opens: formulas that start programs, macros in SYLK.
void check_sheet_text(const Leaf& leaf, const FileName& name, Reporter& reporter);

} // namespace watchpost::inspect::attachment
