#include "inspect/engines/attachment/vba_source.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/ascii.h"

namespace watchpost::inspect::attachment {

namespace {

bool is_word_character(char c) noexcept
{
    return base::is_alnum(c) || c == '_';
}

constexpr std::size_t word_bytes_max = 32; // longer than any that is looked for

/// Takes the next word off the front of `text`, in lower case and cut; empty at the end.
std::string take_word(std::string_view& text)
{
    const auto start = std::ranges::find_if(text, is_word_character);
    const auto end = std::find_if_not(start, text.end(), is_word_character);
    std::string word{start, start + std::min<std::ptrdiff_t>(end - start, word_bytes_max)};
    std::ranges::transform(word, word.begin(), base::to_lower);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return word;
}

/// The first of `words` (lower-case) in the text as a whole word; VBA has no case. One pass: a
/// hostile source is long.
std::string_view first_word_of(std::span<const std::string_view> words, std::string_view text)
{
    for (std::string word = take_word(text); !word.empty(); word = take_word(text)) {
        const auto found = std::ranges::find(words, word);
        if (found != words.end()) {
            return *found;
        }
    }
    return {};
}

} // namespace

bool is_empty_module(const VbaModule& module)
{
    // Compiled code of a module without procedures stays below this; more of it beside an empty
    // source means that the source was taken out to hide what runs.
    constexpr std::size_t compiled_bytes_max = 4096;
    if (module.compiled_bytes > compiled_bytes_max) {
        return false;
    }
    std::string_view rest = module.source;
    while (!rest.empty()) {
        const auto end = rest.find_first_of("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (!line.empty() && !line.starts_with("Attribute ") && !line.starts_with("Option ")) {
            return false;
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return true;
}

std::string_view find_autoexec(std::string_view source)
{
    static constexpr std::array<std::string_view, 22> names{"autoexec",
                                                            "autoopen",
                                                            "auto_open",
                                                            "autoclose",
                                                            "auto_close",
                                                            "autoexit",
                                                            "autonew",
                                                            "document_open",
                                                            "documentopen",
                                                            "document_close",
                                                            "document_new",
                                                            "document_beforeclose",
                                                            "documentbeforeclose",
                                                            "document_change",
                                                            "workbook_open",
                                                            "workbook_activate",
                                                            "workbook_close",
                                                            "workbook_beforeclose",
                                                            "worksheet_activate",
                                                            "slideshowbegin",
                                                            "onslideshowpagechange",
                                                            "onload"};
    return first_word_of(names, source);
}

std::string_view find_suspicious(std::string_view source)
{
    static constexpr std::array<std::string_view, 20> words{
        "shell",          "shellexecute",   "shellexecutea",     "wscript",
        "createobject",   "getobject",      "winexec",           "createprocessa",
        "createprocessw", "createthread",   "virtualalloc",      "virtualprotect",
        "rtlmovememory",  "callwindowproc", "urldownloadtofile", "urldownloadtofilea",
        "powershell",     "mshta",          "rundll32",          "callbyname"};
    return first_word_of(words, source);
}

} // namespace watchpost::inspect::attachment
