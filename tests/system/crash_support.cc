// For the crash matrix in Python, what only our own code knows: the named points, and how to make a
// spool with a past.
//
// Usage: crash_support points | instants | past FOLDER
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "os/crash_point.h"
#include "sanitized.h"
#include "spool_with_a_past.h"

int main(int argument_count, char** arguments)
{
    const std::vector<std::string_view> words{arguments + 1, arguments + argument_count};
    if (words.size() == 1 && words[0] == "points") {
        for (const auto& row : watchpost::os::crash_points()) {
            std::printf("%s\n", std::string{row.name}.c_str());
        }
        return 0;
    }
    if (words.size() == 1 && words[0] == "instants") { // how many random ones there is time for
        std::printf("%d\n", watchpost::test::is_sanitized ? 3 : 12);
        return 0;
    }
    if (words.size() == 2 && words[0] == "past") {
        return watchpost::test::give_past(words[1]) ? 0 : 1;
    }
    std::fprintf(stderr, "usage: crash_support points | instants | past FOLDER\n");
    return 2;
}
