// The real File: a descriptor and the path it is named by in errors.
#pragma once

#include <string>

#include "os/file.h"
#include "os/unique_fd.h"

namespace watchpost::os {

class RealFile final : public File {
public:
    RealFile(UniqueFd descriptor, std::string path)
        : descriptor_{std::move(descriptor)}
        , path_{std::move(path)}
    {
    }

    [[nodiscard]] base::Result<std::size_t> read_at(std::span<std::byte> into,
                                                    std::uint64_t offset) const override;
    using File::write_at;
    [[nodiscard]] base::Result<void> write_at(std::span<const base::ByteView> pieces,
                                              std::uint64_t offset) override;
    [[nodiscard]] base::Result<void> sync_data() override;
    [[nodiscard]] base::Result<void> truncate(std::uint64_t size) override;
    [[nodiscard]] base::Result<std::uint64_t> size() const override;

private:
    [[nodiscard]] base::Failure failure(std::string_view call) const;

    UniqueFd descriptor_;
    std::string path_;
};

} // namespace watchpost::os
