#include "app/spool/spool_export.h"

#include <memory>

#include "diag/quote.h"
#include "os/file_system.h"

namespace watchpost::app {

using base::ErrorCode;
using base::Result;
using spool::ContentState;
using spool::SpoolItem;

namespace {

class Exporter {
public:
    Exporter(const spool::SpoolReader& reader, os::FileSystem& folder)
        : reader_{reader}
        , folder_{folder}
    {
    }

    void write(const SpoolItem& item)
    {
        if (failure_) {
            return;
        }
        if (item.content == ContentState::stored || item.content == ContentState::damaged) {
            write_content(item);
        } else {
            ++without_content_;
        }
    }

    [[nodiscard]] Result<SpoolSummary> finish()
    {
        if (failure_) {
            return base::fail(std::move(*failure_));
        }
        if (auto synced = folder_.sync_folder(""); !synced) {
            return base::fail(std::move(synced.error()));
        }
        summary_.line = std::to_string(written_) + (written_ == 1 ? " message" : " messages") +
                        " written to " + diag::quote(folder_.describe());
        if (without_content_ > 0) {
            summary_.line +=
                ", " + std::to_string(without_content_) +
                " without content (too large, there before the first poll, or settled and removed)";
        }
        for (std::string& line : damage_lines(reader_)) {
            summary_.complaints.push_back(std::move(line));
        }
        return std::move(summary_);
    }

private:
    void complain(std::string what) { summary_.complaints.push_back(std::move(what)); }

    void write_content(const SpoolItem& item)
    {
        const std::string id = item.id.to_string();
        const std::string name = id + ".eml";
        auto file = folder_.open(name, os::OpenMode::create_new);
        if (!file) {
            if (file.error().code() == ErrorCode::invalid_argument) {
                complain(diag::quote(file.error().message()) + ": it was left as it is");
            } else {
                failure_ = std::move(file.error()).during("export message " + id);
            }
            return;
        }
        const auto copied = copy(item, **file);
        if (copied) {
            ++written_;
        } else if (failure_) {
            static_cast<void>(folder_.remove(name));
        } else {
            keep_damaged(id, copied.error());
        }
    }

    [[nodiscard]] Result<void> copy(const SpoolItem& item, os::File& file)
    {
        std::uint64_t offset = 0;
        return reader_.read(item, [&](base::ByteView piece) {
            auto written = file.write_at(piece, offset);
            offset += piece.size();
            if (!written) {
                failure_ = base::Error{written.error()}.during("write to the folder to export to");
            }
            return written;
        });
    }

    void keep_damaged(const std::string& id, const base::Error& error)
    {
        const std::string name = id + ".damaged";
        std::string where = "what can be read is in " + name;
        if (folder_.open(name, os::OpenMode::read)) {
            static_cast<void>(folder_.remove(id + ".eml"));
            where = name + " exists already and was left as it is";
        } else if (auto renamed = folder_.rename(id + ".eml", name); !renamed) {
            failure_ = std::move(renamed.error()).during("export message " + id);
            return;
        }
        complain("damaged: " + diag::quote(error.describe()) + "; " + where);
    }

    const spool::SpoolReader& reader_;
    os::FileSystem& folder_;
    SpoolSummary summary_;
    std::uint64_t written_ = 0;
    std::uint64_t without_content_ = 0;
    std::optional<base::Error> failure_;
};

} // namespace

Result<SpoolSummary> export_messages(const spool::SpoolReader& reader,
                                     const std::filesystem::path& folder)
{
    auto target = os::open_folder(folder, os::Missing::is_created);
    if (!target) {
        return base::fail(std::move(target.error()).during("open the folder to export to"));
    }
    Exporter exporter{reader, **target};
    const auto visited = reader.for_each_item([&](const SpoolItem& item) { exporter.write(item); });
    if (!visited) {
        return base::fail(base::Error{visited.error()});
    }
    return exporter.finish();
}

} // namespace watchpost::app
