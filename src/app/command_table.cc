#include "app/command.h"

#include <array>

#include "app/commands/admin.h"
#include "app/commands/check.h"
#include "app/commands/collect.h"
#include "app/commands/collector.h"
#include "app/commands/control.h"
#include "app/commands/inspector.h"
#include "app/commands/mailbox.h"
#include "app/commands/pipeline.h"
#include "app/commands/processes.h"
#include "app/commands/scan.h"
#include "app/commands/serve.h"
#include "app/commands/settings.h"
#include "app/commands/spool.h"
#include "app/commands/status.h"
#include "app/commands/unpacker.h"
#include "app/commands/version.h"

namespace watchpost::app {

std::span<const Command> command_table() noexcept
{
    static constexpr std::array commands{
        Command{"admin", "give an account a new password, from this machine", false, run_admin},
        Command{"check", "test a connection step by step", false, run_check},
        Command{"collect", "poll a mailbox once and store what is new", false, run_collect},
        Command{"collector", "polls the mailboxes of the service", true, run_collector_command},
        Command{"control", "the store, the console and the API", true, run_control_command},
        Command{"inspector", "the inside of the sandbox", true, run_inspector_command},
        Command{"mailbox", "show what is known of the mailboxes of a running service", false,
                run_mailbox},
        Command{"pipeline", "inspects what the service collected", true, run_pipeline_command},
        Command{"processes", "print what each process may do, and what holds an inspector in",
                false, run_processes},
        Command{"scan", "take messages apart and inspect them", false, run_scan},
        Command{"serve", "run the whole product: collect, inspect, show", false, run_serve},
        Command{"settings", "print the settings that there are, with their defaults", false,
                run_settings},
        Command{"spool", "show, write out and check what was collected", false, run_spool},
        Command{"status", "show what runs, what waits and what is wrong", false, run_status},
        Command{"unpacker", "opens by a program what no reader of ours does", true,
                run_unpacker_command},
        Command{"version", "print the version", false, run_version},
    };
    return commands;
}

} // namespace watchpost::app
