// What stands in the elements of a document beside text and links: forms, scripts, files. Private
// to html_walker.cc. Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include <gumbo.h>

#include "message/html.h"
#include "message/html_objects.h"
#include "message/html_script.h"

namespace watchpost::message {

class HtmlFactReader {
public:
    explicit HtmlFactReader(const HtmlLimits& limits);

    void take(const GumboElement& element);
    void add_invisible(std::uint64_t characters) { facts_.invisible_characters += characters; }
    /// What gumbo was not given of the document: files are looked for in it.
    void take_unread(std::string_view html) { objects_.add_addresses_in(html); }

    /// Fills facts and objects, and says what was cut. Once, at the end.
    void give(HtmlReading& reading);

private:
    void take_attribute(const GumboElement& element, const GumboAttribute& attribute);
    void take_address(const GumboElement& element, std::string_view address);
    void take_script(const GumboElement& element);
    void take_code(std::string_view script);
    void take_form(const GumboElement& element);

    const HtmlLimits& limits_; // outlives this
    HtmlFacts facts_;
    ScriptMarks marks_;
    HtmlObjects objects_;
    bool forms_were_cut_ = false;
};

} // namespace watchpost::message
