#include "message/html_fact_reader.h"

#include <string>
#include <utility>

#include "message/address_parts.h"
#include "message/ascii.h"
#include "message/html_elements.h"
#include "message/percent_encoding.h"
#include "message/text_links.h"
#include "message/web_address.h"

namespace watchpost::message {

HtmlFactReader::HtmlFactReader(const HtmlLimits& limits)
    : limits_{limits}
    , objects_{limits.objects_max}
{
}

void HtmlFactReader::take(const GumboElement& element)
{
    for (unsigned i = 0; i < element.attributes.length; ++i) {
        take_attribute(element, *static_cast<const GumboAttribute*>(element.attributes.data[i]));
    }
    take_script(element);
    take_form(element);
}

void HtmlFactReader::give(HtmlReading& reading)
{
    facts_.smuggling = marks_.smuggling();
    reading.facts = std::move(facts_);
    reading.objects_were_cut = objects_.were_cut();
    reading.objects = objects_.take();
    reading.links_were_cut = reading.links_were_cut || forms_were_cut_;
}

void HtmlFactReader::take_attribute(const GumboElement& element, const GumboAttribute& attribute)
{
    const std::string_view name{attribute.name};
    const std::string_view value{attribute.value};
    if (name.size() > 2 && name.starts_with("on")) {
        ++facts_.event_handlers;
        facts_.svg_scripts += element.tag_namespace == GUMBO_NAMESPACE_SVG ? 1U : 0U;
        take_code(value);
    } else if (name == "download") {
        marks_.add_download_attribute();
    } else if (name == "srcdoc") {
        objects_.add_page(value);
    } else if (name == "style" || name == "srcset") {
        objects_.add_addresses_in(value);
    } else if (value.find(':') != std::string_view::npos) {
        take_address(element, value);
    }
}

void HtmlFactReader::take_address(const GumboElement& element, std::string_view address)
{
    const std::string cleaned = without_ignored(address);
    const std::string scheme = scheme_of(std::string_view{cleaned}.substr(0, 64));
    if (scheme == "data") {
        ++facts_.data_addresses;
        objects_.add_address(cleaned, attribute_of(element, "download"));
    } else if (scheme == "blob") {
        ++facts_.blob_addresses;
    } else if (scheme == "javascript" || scheme == "vbscript") {
        ++facts_.script_addresses;
        take_code(percent_decode(address));
    }
}

void HtmlFactReader::take_script(const GumboElement& element)
{
    const std::string_view content = raw_text_of(element);
    if (element.tag == GUMBO_TAG_STYLE) {
        objects_.add_addresses_in(content);
    }
    if (element.tag != GUMBO_TAG_SCRIPT) {
        return;
    }
    take_code(content);
    if (!is_script_type(attribute_of(element, "type"))) {
        return;
    }
    facts_.svg_scripts += element.tag_namespace == GUMBO_NAMESPACE_SVG ? 1U : 0U;
    if (has_attribute(element, "src") || has_attribute(element, "href")) {
        ++facts_.loaded_scripts;
    } else {
        ++facts_.inline_scripts;
    }
}

void HtmlFactReader::take_code(std::string_view script)
{
    marks_.add(script);
    objects_.add_literals_in(script);
}

/// Fields stand behind their form, not always in it: in a table gumbo closes a form at once.
void HtmlFactReader::take_form(const GumboElement& element)
{
    auto& forms = facts_.forms;
    const bool is_form = element.tag == GUMBO_TAG_FORM;
    const bool is_password = element.tag == GUMBO_TAG_INPUT &&
                             equals_ignoring_case(attribute_of(element, "type"), "password");
    if (is_form || (is_password && forms.empty())) {
        if (forms.size() >= limits_.forms_max) {
            forms_were_cut_ = true;
            return;
        }
        HtmlForm form;
        form.action =
            without_ignored(cut_utf8(attribute_of(element, "action"), limits_.link_bytes_max));
        form.method = lower_case(cut_utf8(attribute_of(element, "method"), 16));
        if (is_form && form.method.empty()) {
            form.method = "get";
        }
        forms.push_back(std::move(form));
    }
    if (is_password) {
        ++forms.back().password_fields;
    }
}

} // namespace watchpost::message
