#include "app/commands/spool.h"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/spool/spool_export.h"
#include "app/spool/spool_list.h"
#include "diag/quote.h"

namespace watchpost::app {
namespace {

constexpr int exit_all_well = 0;
constexpr int exit_some_damaged = 1;
constexpr int exit_not_done = 2;

struct Typed {
    std::string folder;
    std::string to = ".";
    bool is_json = false;
};

void declare(CLI::App& cli, Typed& typed)
{
    cli.require_subcommand(1);
    auto* const list = cli.add_subcommand("list", "Show what is stored");
    list->add_flag("--json", typed.is_json, "One line of JSON a message");
    auto* const write = cli.add_subcommand(
        "export", "Write each message byte for byte as it was received to <id>.eml");
    write->add_option("--to", typed.to,
                      "Folder to write to, made where it is not there (default: this one); nothing "
                      "is overwritten");
    auto* const check =
        cli.add_subcommand("check", "Read every octet and compare it with its checksum");
    for (auto* const command : {list, write, check}) {
        command->add_option("FOLDER", typed.folder, "The spool's folder")
            ->required()
            ->type_name("");
    }
    cli.footer(
        "Exit code: 0 all is well, 1 something is damaged or was left out, 2 it could not be "
        "done or the options are wrong.\nWorks beside a running collector and changes nothing in "
        "the spool.");
}

base::Result<SpoolSummary> run(const CLI::App& cli, const Typed& typed)
{
    const bool is_check = cli.got_subcommand("check");
    auto reader =
        spool::SpoolReader::open(std::filesystem::path{typed.folder},
                                 is_check ? spool::Verify::content : spool::Verify::records);
    if (!reader) {
        return base::fail(std::move(reader.error()));
    }
    if (cli.got_subcommand("export")) {
        return export_messages(**reader, typed.to);
    }
    return is_check ? count_messages(**reader)
                    : list_messages(**reader, typed.is_json ? Form::json : Form::table);
}

void print_damage(const SpoolSummary& summary)
{
    for (const std::string& complaint : summary.complaints) {
        std::fprintf(stderr, "watchpost spool: %s\n", complaint.c_str());
    }
}

} // namespace

int run_spool(int argument_count, char** arguments)
{
    Typed typed;
    CLI::App cli{"Look at what `watchpost collect` stored.", "watchpost spool"};
    declare(cli, typed);
    if (const auto ended = read_options(cli, argument_count, arguments)) {
        return *ended;
    }
    const auto summary = run(cli, typed);
    if (!summary) {
        std::fprintf(stderr, "watchpost spool: %s\n",
                     diag::quote(summary.error().describe()).c_str());
        return exit_not_done;
    }
    print_damage(*summary);
    if (!typed.is_json) {
        std::printf("%s\n", summary->line.c_str());
    }
    return summary->complaints.empty() ? exit_all_well : exit_some_damaged;
}

} // namespace watchpost::app
