#include "message/message_id.h"

#include "message/ascii.h"
#include "message/charset.h"

namespace watchpost::message {

namespace {

void add(std::vector<std::string>& ids, std::string_view raw)
{
    std::string id;
    for (const char c : raw) {
        if (!is_space(c)) {
            id += c;
        }
    }
    if (!id.empty()) {
        ids.push_back(guess_to_utf8(id));
    }
}

} // namespace

std::vector<std::string> parse_message_ids(std::string_view raw, std::size_t count_max)
{
    std::vector<std::string> ids;
    std::size_t begin = raw.find('<');
    if (begin == std::string_view::npos && count_max > 0) {
        add(ids, raw);
    }
    while (begin != std::string_view::npos && ids.size() < count_max) {
        const std::size_t end = std::min(raw.find_first_of("<>", begin + 1), raw.size());
        add(ids, raw.substr(begin + 1, end - begin - 1));
        begin = raw.find('<', end);
    }
    return ids;
}

} // namespace watchpost::message
