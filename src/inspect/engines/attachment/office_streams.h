// Facts in the main streams of the old Office formats. Pure, thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

/// [MS-DOC] §2.5.2 FibBase: the flag fEncrypted of the stream "WordDocument".
[[nodiscard]] bool is_encrypted_word(base::ByteView stream) noexcept;

/// [MS-XLS] §2.4.117: a FilePass record in the globals of the stream "Workbook" or "Book".
[[nodiscard]] bool is_encrypted_workbook(base::ByteView stream) noexcept;

/// [MS-PPT] §2.4.11 VBAInfoAtom of the stream "PowerPoint Document". The project itself lies in a
/// compressed storage.
[[nodiscard]] bool has_presentation_macros(base::ByteView stream) noexcept;

/// [MS-OXMSG] §2.4: a compound file with the properties of a message or attachment in it.
[[nodiscard]] bool is_outlook_message(base::ByteView compound_file);

/// [MS-ONESTORE] §2.6.13: the first file embedded in a OneNote section that is a program or a
/// text of any kind; empty where there is none.
[[nodiscard]] base::ByteView find_onenote_embedding(base::ByteView section) noexcept;

} // namespace watchpost::inspect::attachment
