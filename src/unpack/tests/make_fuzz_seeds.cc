// Writes one small archive of each kind into the folder given, below it the name of the fuzz
// target: binaries are not kept in the tree.
#include <filesystem>
#include <fstream>

#include "unpack/tests/cms_maker.h"
#include "unpack/tests/fat_maker.h"
#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/tnef_maker.h"

using namespace watchpost::unpack::test;

int main(int argument_count, char** arguments)
{
    const std::filesystem::path folder{argument_count == 2 ? arguments[1] : "."};
    const auto write_for = [&folder](const std::string& target, const std::string& name,
                                     const std::string& bytes) {
        std::filesystem::create_directories(folder / target);
        std::ofstream{folder / target / name, std::ios::binary} << bytes;
    };
    const auto write = [&write_for](const std::string& name, const std::string& bytes) {
        write_for("unpack", name, bytes);
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
    write("msg", make_ole({{"__properties_version1.0", "p"},
                           {"__substg1.0_10090102", make_compressed_rtf("{\\rtf1 body}")},
                           {"__attach_version1.0_#00000000/__substg1.0_37010102", "MZ"},
                           {"__attach_version1.0_#00000000/__substg1.0_3707001F", "a\0"}}));
    write("tnef", make_sample_tnef());
    write_for("tnef", "sample", make_sample_tnef().substr(6)); // behind signature and key
    write_for("disk", "fat", make_fat({{"folder/a long name.txt", "content"}}).substr(0, 12'000));
    write_for("disk", "gpt", make_gpt(std::string(512, 'x')));
    write_for("disk", "growing", make_growing_vhd(std::string(5'000, 'x')));
    write_for("disk", "mbr", make_partitioned(std::string(512, 'x')));
    write_for("cms", "der", make_cms(CmsForm::signed_der, "Content-Type: text/plain\r\n\r\n"));
    write_for("cms", "ber", make_cms(CmsForm::signed_ber, "content"));
    write_for("cms", "enveloped", make_cms(CmsForm::enveloped, "content"));
    return 0;
}
