#include "collector/token_keeper.h"

#include <algorithm>
#include <string_view>

#include "base/words.h"

namespace watchpost::collector {

using base::Result;

namespace {

// Names in the store. A token: "1 " and its box. Its holders: their names, separated by spaces; "*"
// where there are too many to count. A holder: the digest that it uses.
constexpr std::string_view format = "1 ";
constexpr std::string_view too_many = "*";

std::string token_name(const std::string& digest)
{
    return "refresh-token/" + digest;
}

std::string holders_name(const std::string& digest)
{
    return "refresh-token-holders/" + digest;
}

std::string holder_name(const std::string& holder)
{
    return "refresh-token-of/" + holder;
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        words.emplace_back(base::take_word(text));
    }
    return words;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

} // namespace

/// Damaged, or sealed to a key that is gone: as if there were none.
std::optional<std::string> SealedTokenKeeper::find(const std::string& digest)
{
    const std::lock_guard held{lock_};
    const auto stored = store_.get(token_name(digest));
    if (!stored || !stored->starts_with(format)) {
        return std::nullopt;
    }
    const auto opened = key_.open(stored->substr(format.size()));
    const std::string bound = digest + " ";
    if (!opened || !opened->reveal().starts_with(bound)) {
        return std::nullopt;
    }
    return std::string{opened->reveal().substr(bound.size())};
}

Result<void> SealedTokenKeeper::keep(const std::string& digest, const std::string& token)
{
    const std::lock_guard held{lock_};
    const secrets::Secret bound{digest + " " + token};
    return store_.put(token_name(digest),
                      std::string{format} + secrets::seal(key_.public_key(), bound.reveal()));
}

Result<void> SealedTokenKeeper::let_go(const std::string& holder, const std::string& digest)
{
    auto holders = split(store_.get(holders_name(digest)).value_or(""));
    if (std::ranges::find(holders, too_many) != holders.end()) {
        return {};
    }
    std::erase(holders, holder);
    if (!holders.empty()) {
        return store_.put(holders_name(digest), joined(holders));
    }
    return store_.put(token_name(digest), "").and_then([&] {
        return store_.put(holders_name(digest), "");
    });
}

/// Written so that a crash in between leaves a holder too many, never a token too few.
Result<void> SealedTokenKeeper::hold(const std::string& holder, const std::string& digest)
{
    const std::lock_guard held{lock_};
    const auto before = store_.get(holder_name(holder)).value_or("");
    if (before == digest) {
        return {};
    }
    if (!digest.empty()) {
        auto holders = split(store_.get(holders_name(digest)).value_or(""));
        if (std::ranges::find(holders, holder) == holders.end()) {
            holders.push_back(holder);
        }
        const auto text = holders.size() > holders_max ? std::string{too_many} : joined(holders);
        if (auto put = store_.put(holders_name(digest), text); !put) {
            return put;
        }
    }
    if (auto put = store_.put(holder_name(holder), digest); !put || before.empty()) {
        return put;
    }
    return let_go(holder, before);
}

} // namespace watchpost::collector
