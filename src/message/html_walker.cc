#include "message/html_walker.h"

#include <algorithm>
#include <utility>

#include "message/address_parts.h"
#include "message/ascii.h"
#include "message/html_elements.h"
#include "message/invisible.h"
#include "message/text_links.h"
#include "message/web_address.h"

namespace watchpost::message {

namespace {

bool is_cell(GumboTag tag)
{
    return tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
}

bool is_preformatted(GumboTag tag)
{
    return tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_TEXTAREA;
}

const GumboVector* children_of(const GumboNode& node)
{
    switch (node.type) {
    case GUMBO_NODE_DOCUMENT:
        return &node.v.document.children;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
        return &node.v.element.children;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_COMMENT:
        return nullptr;
    }
    return nullptr;
}

HtmlPresentation presentation_of(const GumboElement& element)
{
    HtmlPresentation shown;
    shown.is_hidden = has_attribute(element, "hidden");
    shown.is_link = element.tag == GUMBO_TAG_A && has_attribute(element, "href");
    shown.has_picture = has_attribute(element, "background");
    shown.background = attribute_of(element, "bgcolor");
    if (element.tag == GUMBO_TAG_FONT) {
        shown.color = attribute_of(element, "color");
        shown.size = attribute_of(element, "size");
    } else if (element.tag == GUMBO_TAG_BODY) {
        shown.color = attribute_of(element, "text");
    }
    return shown;
}

bool has_content(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n\f\xc2\xa0") != std::string_view::npos;
}

} // namespace

HtmlWalker::HtmlWalker(const HtmlLimits& limits)
    : limits_{limits}
    , sheet_{limits.style_rules_max}
    , facts_{limits}
{
}

HtmlReading HtmlWalker::walk(const GumboNode* root, std::string_view unread)
{
    is_of_old_ = root->type == GUMBO_NODE_DOCUMENT &&
                 root->v.document.doc_type_quirks_mode == GUMBO_DOCTYPE_QUIRKS;
    collect_styles(root);
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
    facts_.take_unread(unread);
    facts_.give(reading_);
    complete_links();
    reading_.text = text_.take();
    reading_.hidden_text = hidden_.take();
    reading_.was_cut = sheet_.was_cut();
    return std::move(reading_);
}

/// A style sheet holds for the whole document, wherever it stands.
void HtmlWalker::collect_styles(const GumboNode* root)
{
    std::vector<const GumboNode*> left{root};
    while (!left.empty()) {
        const GumboNode& node = *left.back();
        left.pop_back();
        const GumboVector* const children = children_of(node);
        if (children == nullptr) {
            continue;
        }
        if (node.type == GUMBO_NODE_ELEMENT && node.v.element.tag == GUMBO_TAG_STYLE) {
            if (is_screen_medium(attribute_of(node.v.element, "media"))) {
                sheet_.add(raw_text_of(node.v.element));
            }
            continue;
        }
        for (unsigned i = children->length; i > 0; --i) {
            left.push_back(static_cast<const GumboNode*>(children->data[i - 1]));
        }
    }
}

void HtmlWalker::enter(const GumboNode* node)
{
    switch (node->type) {
    case GUMBO_NODE_DOCUMENT:
        open_.push_back({node, &node->v.document.children, {}, {}});
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

void HtmlWalker::enter_element(const GumboNode* node, const GumboElement& element)
{
    Open open{node, &element.children, {}, {}};
    render(element, open);
    lay_out(element);
    without_text_ += is_without_text(element.tag) ? 1 : 0;
    preformatted_ += is_preformatted(element.tag) ? 1 : 0;
    anchors_ += element.tag == GUMBO_TAG_A ? 1 : 0;
    facts_.take(element);
    open.link = take_link(element);
    open.text_begin = text_.size();
    open_.push_back(open);
}

void HtmlWalker::lay_out(const GumboElement& element)
{
    for (HtmlText* const text : {&text_, &hidden_}) {
        if (element.tag == GUMBO_TAG_BR && (text == &text_ || was_hidden_)) {
            text->add_line_break();
        } else if (is_block(element.tag)) {
            text->break_line();
        } else if (is_cell(element.tag)) {
            text->separate();
        }
    }
}

void HtmlWalker::render(const GumboElement& element, Open& open)
{
    const std::string own = clean_css(attribute_of(element, "style"));
    const CssElement known{gumbo_normalized_tagname(element.tag), attribute_of(element, "class"),
                           attribute_of(element, "id")};
    const HtmlRendering around = open_.empty() ? HtmlRendering{} : open_.back().rendering;
    HtmlPresentation shown = presentation_of(element);
    shown.resets_font = is_of_old_ && element.tag == GUMBO_TAG_TABLE;
    open.rendering = around.child(shown, sheet_.style_of(known, own));
    open.hidden_by = open.rendering.hidden_by();
}

void HtmlWalker::leave(const Open& open)
{
    if (open.node->type == GUMBO_NODE_DOCUMENT) {
        return;
    }
    const GumboTag tag = open.node->v.element.tag;
    without_text_ -= is_without_text(tag) ? 1 : 0;
    preformatted_ -= is_preformatted(tag) ? 1 : 0;
    if (tag == GUMBO_TAG_A) {
        --anchors_;
        if (open.link != 0) {
            reading_.links[open.link - 1].display_text =
                cut_utf8(text_.since(open.text_begin), limits_.link_bytes_max);
        }
    }
    if (is_cell(tag)) {
        text_.end_cell(open.text_begin);
    }
    if (is_block(tag)) {
        text_.break_line();
        hidden_.break_line();
    }
}

/// A text that looks like an address becomes a link in many programs; inside <a> the element's
/// own address counts.
void HtmlWalker::take_text(const GumboNode* node)
{
    if (without_text_ != 0) {
        return;
    }
    std::string_view text{node->v.text.text};
    SeenText seen;
    if (may_have_invisible(text)) {
        seen = without_invisible(text);
        facts_.add_invisible(seen.removed);
        if (!seen.tagged.empty()) {
            HidingWays ways;
            ways.add(HidingWay::characters);
            take_hidden(seen.tagged, ways);
        }
        text = seen.text;
    }
    const HidingWays hidden_by = open_.back().hidden_by;
    if (hidden_by.any()) {
        take_hidden(text, hidden_by);
    } else {
        text_.add(text, preformatted_ != 0);
        was_hidden_ = was_hidden_ && !has_content(text);
    }
    if (anchors_ == 0) {
        const std::size_t left = limits_.links_max - reading_.links.size();
        for (const auto link : find_text_links(text, left)) {
            add_link(link, "text");
        }
    }
}

void HtmlWalker::take_hidden(std::string_view text, HidingWays ways)
{
    if (has_content(text)) {
        reading_.hidden_by.add(ways);
        if (!was_hidden_) {
            hidden_.break_line(); // from another place of the document
        }
        was_hidden_ = true;
    }
    hidden_.add(text, preformatted_ != 0);
}

std::size_t HtmlWalker::add_link(std::string_view address, std::string_view source)
{
    if (reading_.links.size() >= limits_.links_max) {
        reading_.links_were_cut = true;
        return 0;
    }
    HtmlLink link;
    link.href = without_ignored(cut_utf8(address, 2 * limits_.link_bytes_max));
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

std::size_t HtmlWalker::take_link(const GumboElement& element)
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

/// The first <base> counts for the whole document, also for what stands before it.
void HtmlWalker::complete_links()
{
    auto& facts = reading_.facts;
    for (const HtmlLink& link : reading_.links) {
        if (link.source == "base" && facts.base.empty()) {
            facts.base = link.href;
        } else if (link.source == "refresh" && facts.refresh.empty()) {
            facts.refresh = link.href;
        }
    }
    const auto resolve = [&](std::string& address) {
        if (!address.empty() && !facts.base.empty()) {
            const std::string whole = resolve_address(address, facts.base);
            address = cut_utf8(whole, limits_.link_bytes_max);
        }
    };
    for (HtmlLink& link : reading_.links) {
        if (!facts.base.empty() && link.source != "base" && link.source != "text") {
            std::string written = link.href;
            resolve(link.href);
            link.written = written == link.href ? std::string{} : std::move(written);
        }
        link.shown_address = address_in(link.display_text);
        link.names_another_host = names_another_host(link.shown_address, link.href);
    }
    resolve(facts.refresh);
    for (HtmlForm& form : facts.forms) {
        resolve(form.action);
    }
}

} // namespace watchpost::message
