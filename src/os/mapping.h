// A file mapped for reading. The caller sees to it that the file cannot shrink while it is mapped
// (a sealed memory file, or a file of our own that nobody writes any more): otherwise reading
// behind the new end ends the process. Thread-safe once made.
#pragma once

#include <utility>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::os {

class Mapping {
public:
    /// The whole file; an empty file has an empty view.
    [[nodiscard]] static base::Result<Mapping> map(int fd);

    Mapping(Mapping&& other) noexcept : view_{std::exchange(other.view_, {})} {}
    Mapping& operator=(Mapping&& other) noexcept
    {
        std::swap(view_, other.view_);
        return *this;
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] base::ByteView bytes() const noexcept { return view_; }

private:
    explicit Mapping(base::ByteView view) : view_{view} {}

    base::ByteView view_;
};

} // namespace watchpost::os
