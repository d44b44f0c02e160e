// Random lives of a spool against a model of what was promised: commits of any sizes, notes,
// states, settling, compaction, failures of the disk, deaths of the process and of the machine, in
// any order.
#include <optional>
#include <set>

#include <rapidcheck.h>

#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

class Life {
public:
    Life()
    {
        options_.segment_bytes_max = *rc::gen::inRange<std::uint64_t>(200, 4000);
        options_.checkpoint_segments = *rc::gen::inRange<std::size_t>(1, 4);
        open();
    }

    void step()
    {
        switch (*rc::gen::inRange(0, 12)) {
        case 0:
            return note();
        case 1:
            return settle();
        case 2:
            static_cast<void>(spool_->compact());
            return;
        case 3:
            return put();
        case 4:
            return die(false);
        case 5:
            return die(true);
        case 6:
            spool_.reset(); // in order
            open();
            return check();
        case 7:
            disk_.inject(disk_.operations() + *rc::gen::inRange<std::uint64_t>(0, 6),
                         *rc::gen::element(Fault::sync_error, Fault::sync_error_kept,
                                           Fault::write_error, Fault::disk_full));
            return;
        default:
            return commit();
        }
    }

    void end()
    {
        die(true);
        check();
    }

private:
    static std::string content_of(const std::string& uid, std::size_t size)
    {
        std::string content = uid;
        content.resize(std::max(size, uid.size()), '.');
        return content;
    }

    /// Messages that are new, or that were refused and are fetched again.
    void commit()
    {
        std::vector<std::pair<std::string, std::string>> batch;
        const auto count = *rc::gen::inRange(1, 4);
        for (int i = 0; i < count; ++i) {
            std::string uid = "u" + std::to_string(next_++);
            if (!refused_.empty() && *rc::gen::inRange(0, 2) == 0) {
                uid = *refused_.begin();
                refused_.erase(refused_.begin());
            }
            const auto size = *rc::gen::inRange<std::size_t>(0, 1500);
            batch.emplace_back(uid, content_of(uid, size));
        }
        const auto ids = deliver(*spool_, batch);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto& [uid, content] = batch[i];
            tried_[uid].insert(content);
            if (ids) {
                ours_[uid] = (*ids)[i];
            } else {
                refused_.insert(uid);
            }
        }
    }

    std::optional<std::string> any_of_ours() const
    {
        if (ours_.empty()) {
            return std::nullopt;
        }
        auto chosen = ours_.begin();
        std::advance(chosen, *rc::gen::inRange<std::size_t>(0, ours_.size()));
        return chosen->first;
    }

    void note()
    {
        const auto uid = any_of_ours();
        if (uid && spool_->note({{ours_.at(*uid), SourceState::expunged}}) && spool_->flush()) {
            expunged_.insert(*uid);
        }
    }

    void settle()
    {
        if (const auto uid = any_of_ours()) {
            settled_.insert(*uid);
            static_cast<void>(spool_->settle({ours_.at(*uid)}));
        }
    }

    void put()
    {
        const std::string value = std::to_string(next_++);
        states_.insert(value);
        if (spool_->put("state", value)) {
            states_ = {value};
        }
    }

    void die(bool machine_too)
    {
        disk_.process_death();
        spool_.reset();
        disk_.power_on(); // no fault outlives it
        if (machine_too) {
            disk_.power_loss({*rc::gen::element(Torn::all_lost, Torn::all_kept, Torn::prefix,
                                                Torn::zero_filled, Torn::first_lost, Torn::holes),
                              *rc::gen::inRange<std::uint64_t>(0, 3000),
                              *rc::gen::arbitrary<bool>()});
        }
        open();
        check();
    }

    void open()
    {
        auto opened = Spool::open(disk_.mount(), options_);
        for (int attempt = 0; attempt < 8 && !opened; ++attempt) { // faults that wait
            disk_.process_death();
            opened = Spool::open(disk_.mount(), options_);
        }
        RC_ASSERT(opened.has_value());
        spool_ = std::move(*opened);
        for (const RecoveryNote& note : spool_->recovery_notes()) {
            RC_ASSERT(note.kind == RecoveryNote::Kind::mended);
        }
    }

    /// Also takes over what turned out to be there though it was refused: from now on it is ours.
    void check()
    {
        std::map<std::string, SpoolItem> seen;
        const auto reader = SpoolReader::open(disk_.mount(), Verify::content).value();
        RC_ASSERT(reader->damage().empty());
        const auto visited = reader->for_each_item([&](const SpoolItem& item) {
            RC_ASSERT(seen.emplace(item.receipt.uid, item).second); // nothing twice
        });
        RC_ASSERT(visited.has_value());
        for (const auto& [uid, id] : ours_) {
            RC_ASSERT(seen.contains(uid) && seen.at(uid).id == id); // nothing lost
        }
        for (const auto& [uid, item] : seen) {
            RC_ASSERT(ours_.contains(uid) || refused_.contains(uid));
            RC_ASSERT(item.content == ContentState::stored ||
                      (item.content == ContentState::removed && settled_.contains(uid)));
            if (item.content == ContentState::stored) { // nothing by halves
                RC_ASSERT(tried_.at(uid).contains(read_content(*reader, item)));
            }
            ours_[uid] = item.id;
            refused_.erase(uid);
        }
        for (const std::string& uid : expunged_) {
            RC_ASSERT(seen.at(uid).source == SourceState::expunged);
        }
        const auto state = spool_->get("state");
        RC_ASSERT(states_.contains(state.value_or("")));
        states_ = {state.value_or("")};
    }

    PowerLossDisk disk_;
    SpoolOptions options_;
    std::unique_ptr<Spool> spool_;
    std::map<std::string, SpoolId> ours_;
    std::map<std::string, std::set<std::string>> tried_; // contents under that UID
    std::set<std::string> refused_;
    std::set<std::string> settled_;
    std::set<std::string> expunged_;
    std::set<std::string> states_{""}; // values that it may have
    int next_ = 100;
};

TEST(SpoolModel, NoRandomLifeBreaksAPromise)
{
    EXPECT_TRUE(rc::check([] {
        Life life;
        const auto steps = *rc::gen::inRange(5, 60);
        for (int i = 0; i < steps; ++i) {
            life.step();
        }
        life.end();
    }));
}

} // namespace
} // namespace watchpost::spool
