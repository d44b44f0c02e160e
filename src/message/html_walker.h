// Walks the tree that gumbo made of a document, once, and fills an HtmlReading. Private to html.cc.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <gumbo.h>

#include "message/css.h"
#include "message/html.h"
#include "message/html_fact_reader.h"
#include "message/html_style.h"
#include "message/html_text.h"

namespace watchpost::message {

/// With a stack of its own: nesting cannot overflow the program's.
class HtmlWalker {
public:
    explicit HtmlWalker(const HtmlLimits& limits);

    /// `unread`: what gumbo was not given of the document; files are looked for in it.
    [[nodiscard]] HtmlReading walk(const GumboNode* root, std::string_view unread);

private:
    struct Open {
        const GumboNode* node;
        const GumboVector* children;
        HtmlRendering rendering;
        HidingWays hidden_by; // of its own text
        unsigned next = 0;
        std::size_t link = 0; // place in links + 1; 0: none
        std::size_t text_begin = 0;
    };

    void collect_styles(const GumboNode* root);
    void enter(const GumboNode* node);
    void enter_element(const GumboNode* node, const GumboElement& element);
    void leave(const Open& open);
    void lay_out(const GumboElement& element);
    void render(const GumboElement& element, Open& open);
    void take_text(const GumboNode* node);
    void take_hidden(std::string_view text, HidingWays ways);
    std::size_t take_link(const GumboElement& element);
    std::size_t add_link(std::string_view address, std::string_view source);
    void complete_links();

    const HtmlLimits& limits_;
    CssSheet sheet_;
    bool is_of_old_ = false; // read in "quirks mode"
    std::vector<Open> open_;
    std::size_t without_text_ = 0; // open elements whose text is not shown
    std::size_t preformatted_ = 0;
    std::size_t anchors_ = 0;
    bool was_hidden_ = false; // the last text
    HtmlText text_;
    HtmlText hidden_;
    HtmlFactReader facts_;
    HtmlReading reading_;
};

} // namespace watchpost::message
