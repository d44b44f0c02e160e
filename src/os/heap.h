// The C library's heap.
#pragma once

namespace watchpost::os {

/// What one thread frees serves the others: by default glibc gives each thread an arena of its own,
/// and what moves from one to another stays behind. For programs whose threads mostly wait. Call it
/// before there are threads. Does nothing where the C library is another one.
void share_one_heap() noexcept;

} // namespace watchpost::os
