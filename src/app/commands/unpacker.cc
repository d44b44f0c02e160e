#include "app/commands/unpacker.h"

#include <cstdio>

#include "base/bytes.h"
#include "pipeline/unpacker_main.h"

namespace watchpost::app {

int run_unpacker_command(int argument_count, char** arguments)
{
    constexpr int exit_usage = 2;
    constexpr int expected = 4; // its own name, the program, two limits
    const auto number = [&](int at) {
        return argument_count == expected ? base::parse_decimal(arguments[at]) : std::nullopt;
    };
    const auto data_bytes_max = number(2);
    const auto file_bytes_max = number(3);
    if (!data_bytes_max || !file_bytes_max) {
        std::fputs("watchpost unpacker: started with an inspector only\n", stderr);
        return exit_usage;
    }
    pipeline::run_unpacker({arguments[1], *data_bytes_max, *file_bytes_max + 1});
}

} // namespace watchpost::app
