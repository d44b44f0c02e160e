// Writes every message of tests/fixtures/structures, ready to be sent, into the folder that is
// named.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "support/structure_message.h"

int main(int argc, char** argv)
try {
    if (argc != 2) {
        std::fputs("usage: write_structures FOLDER\n", stderr);
        return 2;
    }
    for (const auto& row : watchpost::test::structure_rows()) {
        const std::string file = std::string{argv[1]} + '/' + row.name + ".eml";
        std::ofstream out{file, std::ios::binary};
        if (!(out << watchpost::test::structure_message(row.name)).flush()) {
            std::fprintf(stderr, "write_structures: cannot write %s\n", file.c_str());
            return 1;
        }
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "write_structures: %s\n", error.what());
    return 1;
}
