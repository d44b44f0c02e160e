#include "message/html.h"

#include <gumbo.h>

#include "message/html_arena.h"
#include "message/html_walker.h"

namespace watchpost::message {

namespace {

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
            auto reading = HtmlWalker{limits}.walk(output->document, html.substr(size));
            reading.was_cut = reading.was_cut || was_cut;
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
