#include "collector/server_memory.h"

#include <algorithm>
#include <mutex>

#include "base/bytes.h"
#include "base/words.h"
#include "collector/mailbox_settings.h"

namespace watchpost::collector {

using base::Result;

namespace {

std::string name_of(std::string_view server, std::uint16_t port)
{
    return "server-facts/" + server_id(server, port);
}

/// "0", "1,scram-sha-256": CAPA, and the mechanisms that were announced in vain.
std::string to_word(const ServerFacts& facts)
{
    std::string word{facts.hangs_up_on_capa ? "1" : "0"};
    for (const auto mechanism : facts.rejected) {
        word += "," + std::string{to_string(mechanism)};
    }
    return word;
}

void read_word(std::string_view word, ServerFacts& facts)
{
    facts.hangs_up_on_capa = word.substr(0, word.find(',')) == "1";
    for (auto comma = word.find(','); comma != std::string_view::npos; comma = word.find(',')) {
        word.remove_prefix(comma + 1);
        if (const auto mechanism = pop3::parse_mechanism(word.substr(0, word.find(',')))) {
            facts.rejected.push_back(*mechanism);
        }
    }
}

/// The stored value: "TIME CAPA[,MECHANISM…] PIPELINES EXACT SHORTER LONGER PERMILLE ROUNDED
/// BLOCK".
std::string to_value(const ServerFacts& facts, base::Instant learned_at)
{
    return base::to_rfc3339(learned_at) + " " + to_word(facts) + " " +
           std::to_string(facts.broken_pipelines) + " " + facts.sizes.to_text();
}

/// Held from the reading to the writing. One process has the store, for all its servers.
std::mutex& saving()
{
    static std::mutex lock;
    return lock;
}

/// But for the sizes.
bool is_same_way(const ServerFacts& a, const ServerFacts& b)
{
    return a.hangs_up_on_capa == b.hangs_up_on_capa && a.broken_pipelines == b.broken_pipelines &&
           a.rejected == b.rejected;
}

bool has(const std::vector<pop3::Mechanism>& all, pop3::Mechanism one)
{
    return std::ranges::find(all, one) != all.end();
}

/// What was learned between `before` and `after`, put to what is stored.
ServerFacts merge(const ServerFacts& before, const ServerFacts& after, ServerFacts stored)
{
    if (after.hangs_up_on_capa != before.hangs_up_on_capa) {
        stored.hangs_up_on_capa = after.hangs_up_on_capa;
    }
    if (after.broken_pipelines != before.broken_pipelines) {
        stored.broken_pipelines = after.broken_pipelines;
    }
    std::erase_if(stored.rejected, [&](auto mechanism) {
        return has(before.rejected, mechanism) && !has(after.rejected, mechanism);
    });
    for (const auto mechanism : after.rejected) {
        if (!has(before.rejected, mechanism) && !has(stored.rejected, mechanism)) {
            stored.rejected.push_back(mechanism);
        }
    }
    stored.sizes.add(before.sizes, after.sizes);
    return stored;
}

std::optional<ServerFacts> parse_facts(std::string_view rest)
{
    ServerFacts facts;
    read_word(base::take_word(rest), facts);
    const auto pipelines = base::parse_decimal(base::take_word(rest));
    const auto sizes = SizeRecord::parse(rest);
    if (!pipelines || *pipelines > ServerFacts::broken_pipelines_max || !sizes) {
        return std::nullopt;
    }
    facts.broken_pipelines = static_cast<unsigned>(*pipelines);
    facts.sizes = *sizes;
    return facts;
}

} // namespace

std::vector<std::string> describe(const ServerFacts& facts)
{
    std::vector<std::string> all;
    if (facts.hangs_up_on_capa) {
        all.emplace_back("it hangs up on CAPA, which is therefore not asked");
    }
    for (const auto mechanism : facts.rejected) {
        all.push_back("it announces " + std::string{name_of(mechanism)} +
                      " and refuses it, so that it is not tried");
    }
    if (facts.broken_pipelines >= ServerFacts::broken_pipelines_max) {
        all.emplace_back("its links break where several messages are asked for at once, so that "
                         "they are asked for one by one");
    }
    if (const auto block = facts.sizes.rounded_to(); block != 0) {
        all.push_back("the sizes that it announces are rounded up to multiples of " +
                      std::to_string(block) + " octets");
    }
    if (facts.sizes.are_estimates()) {
        all.push_back("the sizes that it announces are estimates: messages may be shorter by " +
                      std::to_string(facts.sizes.permille()) + " in 1000 octets");
    }
    if (facts.sizes.are_too_small()) {
        all.emplace_back("it announces fewer octets than it sends, so that messages are asked for "
                         "one by one");
    }
    return all;
}

ServerMemory::ServerMemory(spool::StateStore& store, std::string_view server, std::uint16_t port)
    : store_{store}
    , name_{name_of(server, port)}
{
}

/// A value that cannot be read is as good as none: it is only knowledge.
ServerMemory::Stored ServerMemory::read(base::Instant now) const
{
    Stored stored;
    const auto value = store_.get(name_);
    std::string_view rest = value ? std::string_view{*value} : std::string_view{};
    const auto learned_at = base::parse_rfc3339(base::take_word(rest));
    const auto facts = parse_facts(rest);
    if (!learned_at || !facts) {
        return stored;
    }
    stored.facts.sizes = facts->sizes;
    const bool is_of_the_past = *learned_at <= now + std::chrono::hours{24}; // a clock once wrong
    if (is_of_the_past && now < *learned_at + remembered_max) {
        stored = {*facts, learned_at};
    }
    return stored;
}

ServerFacts ServerMemory::load(base::Instant now)
{
    known_ = read(now).facts;
    return known_;
}

Result<void> ServerMemory::save(const ServerFacts& facts, base::Instant now)
{
    if (is_same_way(facts, known_) && !facts.sizes.is_worth_storing(known_.sizes)) {
        return {};
    }
    const std::lock_guard held{saving()};
    const auto stored = read(now);
    const auto merged = merge(known_, facts, stored.facts);
    known_ = facts;
    const bool has_facts = !is_same_way(stored.facts, ServerFacts{});
    return store_.put(name_, to_value(merged, has_facts ? stored.learned_at.value_or(now) : now));
}

Result<void> ServerMemory::start_anew(base::Instant now)
{
    ServerFacts facts = load(now);
    facts.hangs_up_on_capa = false;
    facts.broken_pipelines = 0;
    facts.rejected.clear();
    return save(facts, now);
}

} // namespace watchpost::collector
