#include "message/html.h"

#include <algorithm>
#include <array>
#include <utility>

#include <gumbo.h>

#include "message/ascii.h"
#include "message/html_arena.h"
#include "message/html_text.h"
#include "message/text_links.h"

namespace watchpost::message {

namespace {

bool is_one_of(GumboTag tag, std::initializer_list<GumboTag> tags)
{
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

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

struct LinkAttribute {
    const char* attribute;
    std::string_view source;
};

/// The attribute of an element that leads somewhere, and how the model calls it.
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

/// WHATWG URL: white space around an address goes, tabs and line ends inside it, too.
std::string clean_address(std::string_view written)
{
    std::string address;
    for (const char c : trim(written)) {
        if (c != '\t' && c != '\r' && c != '\n') {
            address += c;
        }
    }
    return address;
}

/// "5; url=https://…" of <meta http-equiv=refresh>.
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

/// Walks the tree with a stack of its own.
class Walker {
public:
    explicit Walker(const HtmlLimits& limits) : limits_{limits} {}

    HtmlReading walk(const GumboNode* root);

private:
    struct Open {
        const GumboNode* node;
        const GumboVector* children;
        unsigned next = 0;
        std::size_t link = 0; // place in links + 1; 0: none
        std::size_t text_begin = 0;
    };

    void enter(const GumboNode* node);
    void enter_element(const GumboNode* node, const GumboElement& element);
    void leave(const Open& open);
    void take_text(const GumboNode* node);
    std::size_t add_link(std::string_view address, std::string_view source);
    std::size_t take_link(const GumboElement& element);

    const HtmlLimits& limits_;
    std::vector<Open> open_;
    std::size_t without_text_ = 0; // open elements whose text is not shown
    std::size_t preformatted_ = 0;
    std::size_t anchors_ = 0;
    HtmlText text_;
    HtmlReading reading_;
};

HtmlReading Walker::walk(const GumboNode* root)
{
    enter(root);
    while (!open_.empty()) {
        Open& open = open_.back();
        if (open.next < open.children->length) {
            enter(static_cast<const GumboNode*>(open.children->data[open.next++]));
        } else {
            const Open left = open;
            open_.pop_back();
            leave(left);
        }
    }
    reading_.text = text_.take();
    return std::move(reading_);
}

void Walker::enter(const GumboNode* node)
{
    switch (node->type) {
    case GUMBO_NODE_DOCUMENT:
        open_.push_back({node, &node->v.document.children});
        break;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
        enter_element(node, node->v.element);
        break;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
        take_text(node);
        break;
    case GUMBO_NODE_COMMENT:
        break;
    }
}

void Walker::enter_element(const GumboNode* node, const GumboElement& element)
{
    Open open{node, &element.children};
    if (element.tag == GUMBO_TAG_BR) {
        text_.add_line_break();
    } else if (is_block(element.tag)) {
        text_.break_line();
    } else if (element.tag == GUMBO_TAG_TD || element.tag == GUMBO_TAG_TH) {
        text_.separate();
    }
    without_text_ += is_without_text(element.tag) ? 1 : 0;
    preformatted_ += element.tag == GUMBO_TAG_PRE || element.tag == GUMBO_TAG_TEXTAREA ? 1 : 0;
    anchors_ += element.tag == GUMBO_TAG_A ? 1 : 0;
    open.link = take_link(element);
    open.text_begin = text_.size();
    open_.push_back(open);
}

void Walker::leave(const Open& open)
{
    if (open.node->type == GUMBO_NODE_DOCUMENT) {
        return;
    }
    const GumboTag tag = open.node->v.element.tag;
    without_text_ -= is_without_text(tag) ? 1 : 0;
    preformatted_ -= tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_TEXTAREA ? 1 : 0;
    if (tag == GUMBO_TAG_A) {
        --anchors_;
        if (open.link != 0) {
            reading_.links[open.link - 1].display_text =
                cut_utf8(text_.since(open.text_begin), limits_.link_bytes_max);
        }
    }
    if (is_block(tag)) {
        text_.break_line();
    }
}

/// A text that looks like an address becomes a link in many programs; inside <a> the element's
/// own address counts.
void Walker::take_text(const GumboNode* node)
{
    if (without_text_ != 0) {
        return;
    }
    const std::string_view text{node->v.text.text};
    text_.add(text, preformatted_ != 0);
    if (anchors_ == 0) {
        const std::size_t left = limits_.links_max - reading_.links.size();
        for (const auto link : find_text_links(text, left)) {
            add_link(link, "text");
        }
    }
}

std::size_t Walker::add_link(std::string_view address, std::string_view source)
{
    if (reading_.links.size() >= limits_.links_max) {
        reading_.links_were_cut = true;
        return 0;
    }
    HtmlLink link;
    link.href = clean_address(cut_utf8(address, 2 * limits_.link_bytes_max));
    link.source = source;
    if (link.href.size() > limits_.link_bytes_max) {
        // The content of a data: address is no address; of others something is missing.
        reading_.links_were_cut =
            reading_.links_were_cut || !starts_ignoring_case(link.href, "data:");
        link.href = cut_utf8(link.href, limits_.link_bytes_max);
    }
    reading_.links.push_back(std::move(link));
    return reading_.links.size();
}

std::string_view attribute_of(const GumboElement& element, const char* name)
{
    const GumboAttribute* const attribute = gumbo_get_attribute(&element.attributes, name);
    return attribute == nullptr ? std::string_view{} : std::string_view{attribute->value};
}

std::size_t Walker::take_link(const GumboElement& element)
{
    if (element.tag == GUMBO_TAG_META &&
        equals_ignoring_case(attribute_of(element, "http-equiv"), "refresh")) {
        const auto target = refresh_target(attribute_of(element, "content"));
        return target.empty() ? 0 : add_link(target, "refresh");
    }
    const auto [name, source] = link_attribute(element.tag);
    if (name == nullptr) {
        return 0;
    }
    const auto address = attribute_of(element, name);
    return address.empty() ? 0 : add_link(address, source);
}

void* allocate(void* arena, std::size_t size)
{
    return static_cast<HtmlArena*>(arena)->allocate(size);
}

void release(void* /*arena*/, void* /*memory*/) {} // the arena goes as a whole

/// Null where the arena's budget does not suffice. Keeps nothing alive across the jump.
GumboOutput* parse_in(HtmlArena& arena, std::string_view html)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = release;
    options.userdata = &arena;
    options.max_errors = 0;
    if (setjmp(arena.on_exhausted) != 0) { // NOLINT(cert-err52-cpp)
        return nullptr;
    }
    return gumbo_parse_with_options(&options, html.data(), html.size());
}

} // namespace

HtmlReading read_html(std::string_view html, const HtmlLimits& limits)
{
    std::size_t size = safe_html_prefix(html, limits.guard);
    bool was_cut = size < html.size();
    // What needs too much memory is tried again with less of it: something is better than nothing.
    constexpr std::size_t tries_max = 4;
    for (std::size_t tried = 0; tried < tries_max; ++tried) {
        HtmlArena arena{limits.memory_bytes_max};
        if (const GumboOutput* const output = parse_in(arena, html.substr(0, size))) {
            auto reading = Walker{limits}.walk(output->document);
            reading.was_cut = was_cut;
            return reading;
        }
        was_cut = true;
        size /= 8;
    }
    HtmlReading nothing;
    nothing.was_cut = true;
    return nothing;
}

} // namespace watchpost::message
