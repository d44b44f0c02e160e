// Writes one small archive of each kind into the folder given: binaries are not kept in the tree.
#include <filesystem>
#include <fstream>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"

using namespace watchpost::unpack::test;

int main(int argument_count, char** arguments)
{
    const std::filesystem::path folder{argument_count == 2 ? arguments[1] : "."};
    std::filesystem::create_directories(folder);
    const auto write = [&folder](const std::string& name, const std::string& bytes) {
        std::ofstream{folder / name, std::ios::binary} << bytes;
    };
    for (const auto& kind : kinds()) {
        if (const auto bytes = make_archive(kind, {{"a", "content"}}); bytes.size() < 10'000) {
            write(kind.format + "_" + kind.filter, bytes); // an ISO image would slow all down
        }
    }
    for (const std::string cipher : {"zipcrypt", "aes256"}) {
        write(cipher,
              make_archive({"zip"}, {{"a", "content"}}, {"encryption=" + cipher, "sesame"}));
    }
    write("ole", make_ole({{"Macros/VBA/dir", "content"}}));
    return 0;
}
