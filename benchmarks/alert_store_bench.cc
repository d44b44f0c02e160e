// The alert list over a store of many alerts: alert_store_bench [--durable] FOLDER [ALERTS
// [ROUNDS]]
//
// Makes FOLDER/watchpost.sqlite where there is none (a store of the service: it may be started on
// it), then asks pages and filters as the console does and prints their times. Alerts are recorded,
// assigned and closed as the service does it, one after another; without --durable the disk is not
// waited for, which changes the time of filling and nothing else.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

#include "store/sqlite/sqlite_store.h"

namespace {

using namespace watchpost;
using Clock = std::chrono::steady_clock;

constexpr std::size_t rounds_default = 7;
constexpr std::size_t pages_walked = 20;

/// The same sequence in every run. Numerical Recipes' linear congruential generator.
class Dice {
public:
    std::uint32_t below(std::uint32_t limit)
    {
        state_ = state_ * 1'664'525U + 1'013'904'223U;
        return static_cast<std::uint32_t>((std::uint64_t{state_} * limit) >> 32U);
    }
    template <std::size_t count>
    std::string pick(const std::array<const char*, count>& words)
    {
        return words.at(below(count));
    }

private:
    std::uint32_t state_ = 1;
};

constexpr std::array subjects{"Invoice",  "Payment overdue", "Parcel on its way", "Your account",
                              "Contract", "Meeting minutes", "Scanned document",  "Purchase order"};
constexpr std::array engines{"clamav", "yara", "attachment"};
constexpr std::array importances{verdict::Importance::low, verdict::Importance::medium,
                                 verdict::Importance::high};

store::MessageRecord make_record(Dice& dice, store::MailboxId mailbox, std::size_t number)
{
    store::MessageRecord record;
    record.id = store::MessageId::make();
    record.mailbox = mailbox;
    record.received_at = base::now();
    record.inspected_at = record.received_at;
    record.octets = 1'000 + dice.below(100'000);
    record.sha256 = std::string(64, 'a');
    const std::string sender = std::to_string(dice.below(20'000));
    record.sender = "Sender " + sender + " <sender" + sender + "@example.net>";
    record.recipients = {"user" + std::to_string(dice.below(5'000)) + "@example.org"};
    record.subject = dice.pick(subjects) + " " + std::to_string(number);
    record.is_detected = true;
    record.is_partial = dice.below(10) == 0;
    record.importance = importances.at(dice.below(importances.size()));
    record.sentence = "An attachment matches a rule.";
    record.engines = {dice.pick(engines)};
    record.rules = {"rule_" + std::to_string(dice.below(300))};
    record.report_json = R"({"verdict":"detected","findings":[]})";
    return record;
}

[[noreturn]] void exit_with(const base::Error& error)
{
    std::fprintf(stderr, "alert_store_bench: %s\n", error.describe().c_str());
    std::exit(1);
}

template <typename Value>
Value value_or_exit(base::Result<Value> result)
{
    if (!result) {
        exit_with(result.error());
    }
    return std::move(*result);
}

/// SQLite's own way to files, but for the waiting until the disk has taken what was written.
class UnsyncedFiles {
public:
    static void use()
    {
        system() = sqlite3_vfs_find(nullptr);
        static sqlite3_vfs files = *system();
        files.zName = "unsynced";
        files.xOpen = open;
        sqlite3_vfs_register(&files, 1);
    }

private:
    static sqlite3_vfs*& system()
    {
        static sqlite3_vfs* kept = nullptr;
        return kept;
    }
    static int open(sqlite3_vfs* /*self*/, const char* name, sqlite3_file* file, int flags,
                    int* flags_given)
    {
        const int code = system()->xOpen(system(), name, file, flags, flags_given);
        if (code == SQLITE_OK) {
            static std::map<const sqlite3_io_methods*, sqlite3_io_methods> unsynced;
            auto& methods = unsynced.try_emplace(file->pMethods, *file->pMethods).first->second;
            methods.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
            file->pMethods = &methods;
        }
        return code;
    }
};

store::MailboxId only_mailbox(store::Store& store)
{
    const auto mailboxes = value_or_exit(store.mailboxes());
    if (!mailboxes.empty()) {
        return mailboxes.front().id;
    }
    store::MailboxRecord mailbox;
    mailbox.id = store::MailboxId::make();
    mailbox.name = "Copies";
    mailbox.settings_json = "{}";
    return value_or_exit(store.add_mailbox(mailbox, {})).id;
}

/// Those who work on the alerts. The first is the account that the service makes at its first
/// start; it finds this one and makes none.
std::vector<store::Actor> add_officers(store::Store& store)
{
    std::vector<store::Actor> officers;
    for (const char* name : {"admin", "olga", "petra"}) {
        store::User user;
        user.id = store::UserId::make();
        user.name = name;
        user.roles = {store::Role::administrator, store::Role::senior_security_officer};
        user.created_at = base::now();
        auto added = store.add_user(user, {});
        if (!added) {
            exit_with(added.error());
        }
        officers.push_back({user.id, user.name, "192.0.2.1"});
    }
    return officers;
}

/// Of ten alerts that are not among the newest seven are processed, two in process, one is new.
void work_on(store::Store& store, Dice& dice, store::AlertId alert,
             const std::vector<store::Actor>& officers)
{
    const auto lot = dice.below(10);
    const auto& officer = officers.at(dice.below(static_cast<std::uint32_t>(officers.size())));
    if (lot == 9) {
        return;
    }
    const auto action = lot < 7 ? store::AlertAction::closed : store::AlertAction::assigned;
    const store::AlertChange change{action, officer.user, {}};
    value_or_exit(store.change_alert({store.default_tenant()}, alert, change, officer));
}

void fill(store::Store& store, std::size_t alerts)
{
    constexpr std::size_t untouched = 20'000; // the newest
    Dice dice;
    const auto mailbox = only_mailbox(store);
    const auto officers = add_officers(store);
    std::vector<store::AlertId> raised;
    raised.reserve(alerts);
    const auto began = Clock::now();
    for (std::size_t number = 0; number < alerts; ++number) {
        const auto recorded = value_or_exit(store.record(make_record(dice, mailbox, number)));
        raised.push_back(recorded.alert.value());
        if (number >= untouched) {
            work_on(store, dice, raised.at(number - untouched), officers);
        }
        if (number % 10'000 == 9'999) {
            const std::chrono::duration<double> took = Clock::now() - began;
            std::fprintf(stderr, "\r%zu alerts, %.0f a second", number + 1,
                         static_cast<double>(number + 1) / took.count());
        }
    }
    std::fprintf(stderr, "\n");
}

struct Question {
    std::string name;
    store::AlertQuery query;
};

std::vector<Question> questions()
{
    std::vector<Question> all;
    const auto ask = [&](const char* name, const std::function<void(store::AlertQuery&)>& set) {
        all.push_back({name, {}});
        set(all.back().query);
    };
    using store::AlertQuery;
    ask("newest first", [](AlertQuery&) {});
    ask("oldest first", [](AlertQuery& q) { q.order = store::AlertOrder::created_asc; });
    ask("by importance", [](AlertQuery& q) { q.order = store::AlertOrder::importance_desc; });
    ask("state new", [](AlertQuery& q) { q.states = {store::AlertState::fresh}; });
    ask("state processed (none)", [](AlertQuery& q) { q.states = {store::AlertState::processed}; });
    ask("importance high", [](AlertQuery& q) { q.importances = {verdict::Importance::high}; });
    ask("engine yara, partial", [](AlertQuery& q) {
        q.engines = {"yara"};
        q.is_partial = true;
    });
    ask("unassigned, by importance", [](AlertQuery& q) {
        q.is_unassigned = true;
        q.order = store::AlertOrder::importance_desc;
    });
    ask("sender of one", [](AlertQuery& q) { q.sender_words = "sender1234"; });
    ask("sender domain (all)", [](AlertQuery& q) { q.sender_words = "example.net"; });
    ask("subject word (1 in 8)", [](AlertQuery& q) { q.subject_words = "invoice"; });
    ask("any word, none match", [](AlertQuery& q) { q.any_words = "nonexistentword"; });
    ask("word, high, oldest first", [](AlertQuery& q) {
        q.any_words = "contract";
        q.importances = {verdict::Importance::high};
        q.order = store::AlertOrder::created_asc;
    });
    return all;
}

/// The slowest of the first pages, in milliseconds.
double walk(const store::Store& store, store::AlertQuery query)
{
    double slowest = 0;
    for (std::size_t page = 0; page < pages_walked; ++page) {
        const auto began = Clock::now();
        const auto found = value_or_exit(store.alerts({store.default_tenant()}, query));
        const std::chrono::duration<double, std::milli> took = Clock::now() - began;
        slowest = std::max(slowest, took.count());
        query.cursor = found.next_cursor;
        if (query.cursor.empty()) {
            break;
        }
    }
    return slowest;
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    if (std::erase(words, "--durable") == 0) {
        UnsyncedFiles::use();
    }
    if (words.empty()) {
        std::fprintf(stderr, "usage: alert_store_bench [--durable] FOLDER [ALERTS [ROUNDS]]\n");
        return 2;
    }
    const std::filesystem::path file = std::filesystem::path{words[0]} / "watchpost.sqlite";
    const std::size_t alerts = words.size() > 1 ? std::stoul(words[1]) : 1'000'000;
    const std::size_t rounds = words.size() > 2 ? std::stoul(words[2]) : rounds_default;
    const bool is_new = !std::filesystem::exists(file);
    const auto store = value_or_exit(store::open_sqlite_store(file));
    if (is_new) {
        fill(*store, alerts);
    }
    std::printf("%-28s slowest of %zu pages, ms: median of %zu rounds (highest)\n", "query",
                pages_walked, rounds);
    for (const auto& [name, query] : questions()) {
        std::vector<double> times;
        times.reserve(rounds);
        for (std::size_t round = 0; round < rounds; ++round) {
            times.push_back(walk(*store, query));
        }
        std::ranges::sort(times);
        std::printf("%-28s %8.1f (%.1f)\n", name.c_str(), times.at(times.size() / 2), times.back());
        std::fflush(stdout);
    }
    return 0;
}
