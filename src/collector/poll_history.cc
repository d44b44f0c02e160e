#include "collector/poll_history.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace watchpost::collector {

using base::Result;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view version = "1 "; // of the stored form

/// nullopt where nothing is stored; an empty optional inside where it cannot be read.
std::optional<std::optional<PollRecord>> read(const std::optional<std::string>& stored)
{
    if (!stored) {
        return std::nullopt;
    }
    return stored->starts_with(version) ? parse_poll_record(stored->substr(version.size()))
                                        : std::nullopt;
}

} // namespace

PollHistory::PollHistory(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , prefix_{"poll/" + std::string{mailbox} + "/"}
{
}

std::string PollHistory::name_of(std::size_t place) const
{
    return prefix_ + std::to_string(place);
}

PollList PollHistory::load() const
{
    PollList list;
    for (std::size_t place = 0; place < polls_max; ++place) {
        auto record = read(store_.get(name_of(place)));
        if (record && *record) {
            list.items.push_back(**std::move(record));
        } else if (record) {
            ++list.damaged;
        }
    }
    std::ranges::sort(list.items, std::greater{}, &PollRecord::number);
    return list;
}

Result<void> PollHistory::add(PollRecord record)
{
    const auto before = load();
    record.number = before.items.empty() ? 1 : before.items.front().number + 1;
    return store_.put(name_of(record.number % polls_max), std::string{version} + to_json(record));
}

std::string encode_polls(const PollList& polls)
{
    Json items = Json::array();
    for (const auto& record : polls.items) {
        items.push_back(Json::parse(to_json(record)));
    }
    return Json{{"items", std::move(items)}, {"damaged", polls.damaged}}.dump();
}

Result<PollList> parse_polls(const std::string& json)
{
    const auto unreadable = [] {
        return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                          "the list of polls cannot be read");
    };
    try {
        const auto document = Json::parse(json);
        PollList list;
        list.damaged = document.at("damaged").get<std::size_t>();
        for (const auto& item : document.at("items")) {
            auto record = parse_poll_record(item.dump());
            if (!record) {
                return unreadable();
            }
            list.items.push_back(*std::move(record));
        }
        return list;
    } catch (const Json::exception&) {
        return unreadable();
    }
}

} // namespace watchpost::collector
