#include "message/html_script.h"

#include <array>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

struct Mark {
    std::string_view word; // in lower case, as scripts write it
    bool makes_file;       // else it hands one out
    bool does_both = false;
};

constexpr std::array marks{Mark{"new blob", true},
                           Mark{"new file(", true},
                           Mark{"atob(", true},
                           Mark{"fromcharcode", true},
                           Mark{"uint8array", true},
                           Mark{"createobjecturl", false},
                           Mark{".download", false},
                           Mark{"'download'", false},
                           Mark{"\"download\"", false},
                           Mark{"mssaveblob", true, true},
                           Mark{"mssaveoropenblob", true, true}};

} // namespace

void ScriptMarks::add(std::string_view script)
{
    const std::string lower = lower_case(script);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (lower.find(marks.at(i).word) != std::string::npos) {
            seen_ |= 1U << i;
        }
    }
}

std::vector<std::string> ScriptMarks::smuggling() const
{
    std::vector<std::string> words;
    bool makes_file = false;
    bool hands_out = has_download_;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if ((seen_ >> i & 1U) != 0) {
            makes_file = makes_file || marks.at(i).makes_file;
            hands_out = hands_out || !marks.at(i).makes_file || marks.at(i).does_both;
            words.emplace_back(marks.at(i).word);
        }
    }
    if (!makes_file || !hands_out) {
        return {};
    }
    if (has_download_) {
        words.emplace_back("download attribute");
    }
    return words;
}

} // namespace watchpost::message
