// Writes the seeds of fuzz_barcodes into the folder that is named: they are binaries.
#include <filesystem>
#include <fstream>
#include <string>

#include "barcodes/tests/code_maker.h"

namespace {

using namespace watchpost::barcodes::test;

void write(const std::filesystem::path& folder, const std::string& name, const std::string& bytes)
{
    std::ofstream{folder / name, std::ios::binary} << bytes;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        return 2;
    }
    const std::filesystem::path folder{arguments[1]}; // NOLINT(*-pointer-arithmetic)
    std::filesystem::create_directories(folder);
    const auto code = draw_code("https://a.example/", 1);
    write(folder, "code.png", to_png(code));
    write(folder, "clear.png", to_transparent_png(code, Kept::dark));
    write(folder, "code.jpg", to_jpeg(code));
    write(folder, "cmyk.jpg", to_cmyk_jpeg(code));
    write(folder, "code.gif", to_gif({code}));
    write(folder, "two.gif", to_gif({code, inverted(code)}, Lines::interlaced));
    write(folder, "code.webp", to_webp(code));
    write(folder, "bits.bmp", to_bmp(code, 1));
    write(folder, "colours.bmp", to_bmp(code, 24));
    write(folder, "half_blocks.txt", to_half_blocks(code));
    write(folder, "squares.txt", to_lines(code, "\u2b1b", "\u2b1c"));
    return 0;
}
