// What the engine remembers of the containers of one message, to judge what it finds inside them.
//
// A leaf's path tells where it lies: "1.2!a.zip!b.exe" is the member "b.exe" of "1.2!a.zip". A
// container is always seen before its members (inspect/engine.h). Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "inspect/engines/attachment/file_kind.h"
#include "inspect/engines/attachment/file_name.h"

namespace watchpost::inspect::attachment {

struct Container {
    FileKind kind = FileKind::unknown;
    FileName name;
    std::string filename;
    bool is_package = false;                      // a document: OLE, or a ZIP of an office format
    std::string_view autoexec;                    // of any module: what runs by itself
    std::string_view suspicious;                  // of any module: what it can do
    bool has_macro_sheet = false;                 // of Excel 4.0
    bool has_auto_name = false;                   // a name that makes Excel run what it stands for
    std::map<std::string_view, std::size_t> told; // id of the finding table → how often
};

/// "1.2!a.zip" of "1.2!a.zip!b.exe"; empty for a part of the message. `!` in names is encoded.
[[nodiscard]] std::string_view parent_of(std::string_view path) noexcept;

/// The member's name within its container, percent-encoded as in the path, without the "#2" of
/// doubles; empty for a part of the message.
[[nodiscard]] std::string_view member_of(std::string_view path) noexcept;

class Containers {
public:
    static constexpr std::size_t containers_max = 20'000; // of one message

    void clear() { by_path_.clear(); }

    /// False where no more are kept.
    bool remember(std::string_view path, Container container);

    /// Null where it is not known.
    [[nodiscard]] Container* find(std::string_view path) noexcept;

    /// A container of a kind that says nothing to us, to count what is told of its members. Null
    /// where no more are kept.
    [[nodiscard]] Container* find_or_remember(std::string_view path);

    /// The document that the recipient opens: for a stream of "vbaProject.bin" inside an OOXML file
    /// that file, else the container itself. `path` is a container's.
    [[nodiscard]] std::string_view document_of(std::string_view path) noexcept;

private:
    std::map<std::string, Container, std::less<>> by_path_;
};

} // namespace watchpost::inspect::attachment
