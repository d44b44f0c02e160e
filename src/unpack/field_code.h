// The code of a field in Word's documents, RTF or XML: where it leads, or what it starts.
// ECMA-376 part 1 §17.16. Pure but for what it tells the meter.
#pragma once

#include <string>
#include <string_view>

#include "unpack/meter.h"

namespace watchpost::unpack {

/// `code` is the instruction: `HYPERLINK "https://…"`, `DDEAUTO c:\\x.exe "/k y"`. Text that is not
/// UTF-8 is read as code page 437.
void refer_field(std::string_view code, Meter& meter);

/// QUOTE gives the characters whose numbers stand in it; anything else is empty.
[[nodiscard]] std::string text_of_quote_field(std::string_view code);

} // namespace watchpost::unpack
