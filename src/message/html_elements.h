// What elements of HTML are to a reader: which begin a line, which show no text, which attribute
// leads somewhere. Private to html_walker.cc. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include <gumbo.h>

namespace watchpost::message {

[[nodiscard]] bool is_without_text(GumboTag tag);
[[nodiscard]] bool is_block(GumboTag tag);

struct LinkAttribute {
    const char* attribute; // null: the element leads nowhere
    std::string_view source;
};

/// The attribute of an element that leads somewhere, and how the model calls it.
[[nodiscard]] LinkAttribute link_attribute(GumboTag tag);

/// Empty where the attribute is missing.
[[nodiscard]] std::string_view attribute_of(const GumboElement& element, const char* name);
[[nodiscard]] bool has_attribute(const GumboElement& element, const char* name);

/// Of a <script> or <style>, whose content is text alone.
[[nodiscard]] std::string_view raw_text_of(const GumboElement& element);

/// "5; url=https://…" of <meta http-equiv=refresh>.
[[nodiscard]] std::string_view refresh_target(std::string_view content);

/// Of a <script>: what is run, and no block of data (JSON-LD).
[[nodiscard]] bool is_script_type(std::string_view type);

} // namespace watchpost::message
