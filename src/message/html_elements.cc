#include "message/html_elements.h"

#include <algorithm>
#include <initializer_list>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

bool is_one_of(GumboTag tag, std::initializer_list<GumboTag> tags)
{
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

} // namespace

bool is_without_text(GumboTag tag)
{
    return is_one_of(tag, {GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_TITLE, GUMBO_TAG_TEMPLATE,
                           GUMBO_TAG_HEAD, GUMBO_TAG_NOFRAMES});
}

bool is_block(GumboTag tag)
{
    return is_one_of(
        tag, {GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE,    GUMBO_TAG_BLOCKQUOTE,
              GUMBO_TAG_BODY,    GUMBO_TAG_CENTER,  GUMBO_TAG_DD,       GUMBO_TAG_DIV,
              GUMBO_TAG_DL,      GUMBO_TAG_DT,      GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGURE,
              GUMBO_TAG_FOOTER,  GUMBO_TAG_FORM,    GUMBO_TAG_H1,       GUMBO_TAG_H2,
              GUMBO_TAG_H3,      GUMBO_TAG_H4,      GUMBO_TAG_H5,       GUMBO_TAG_H6,
              GUMBO_TAG_HEADER,  GUMBO_TAG_HR,      GUMBO_TAG_LI,       GUMBO_TAG_MAIN,
              GUMBO_TAG_NAV,     GUMBO_TAG_OL,      GUMBO_TAG_OPTION,   GUMBO_TAG_P,
              GUMBO_TAG_PRE,     GUMBO_TAG_SECTION, GUMBO_TAG_TABLE,    GUMBO_TAG_TR,
              GUMBO_TAG_UL});
}

LinkAttribute link_attribute(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_LINK:
        return {"href", "href"};
    case GUMBO_TAG_BASE:
        return {"href", "base"};
    case GUMBO_TAG_FORM:
        return {"action", "action"};
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_INPUT:
        return {"formaction", "action"};
    case GUMBO_TAG_OBJECT:
        return {"data", "src"};
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_IMAGE:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_AUDIO:
        return {"src", "src"};
    default: // gumbo knows 150 elements; the others lead nowhere
        return {nullptr, {}};
    }
}

std::string_view refresh_target(std::string_view content)
{
    const std::size_t semicolon = std::min(content.find_first_of(";,"), content.size());
    std::string_view target = trim(content.substr(std::min(semicolon + 1, content.size())));
    if (starts_ignoring_case(target, "url")) {
        const std::size_t equals = std::min(target.find('='), target.size() - 1);
        target = trim(target.substr(equals + 1));
    }
    if (!target.empty() && (target.front() == '"' || target.front() == '\'')) {
        target.remove_prefix(1);
        target = target.substr(0, target.find_first_of("\"'"));
    }
    return target;
}

std::string_view attribute_of(const GumboElement& element, const char* name)
{
    const GumboAttribute* const attribute = gumbo_get_attribute(&element.attributes, name);
    return attribute == nullptr ? std::string_view{} : std::string_view{attribute->value};
}

bool has_attribute(const GumboElement& element, const char* name)
{
    return gumbo_get_attribute(&element.attributes, name) != nullptr;
}

std::string_view raw_text_of(const GumboElement& element)
{
    if (element.children.length == 0) {
        return {};
    }
    const auto* const child = static_cast<const GumboNode*>(element.children.data[0]);
    const bool is_text = child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_CDATA;
    return is_text ? std::string_view{child->v.text.text} : std::string_view{};
}

bool is_script_type(std::string_view type)
{
    const std::string name = lower_case(trim(type));
    return name.empty() || name == "module" || name.find("script") != std::string::npos;
}

} // namespace watchpost::message
