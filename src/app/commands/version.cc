#include "app/commands/version.h"

#include <cstdio>

namespace watchpost::app {

int run_version(int /*argument_count*/, char** /*arguments*/)
{
    std::puts("watchpost " WATCHPOST_VERSION);
    return 0;
}

} // namespace watchpost::app
