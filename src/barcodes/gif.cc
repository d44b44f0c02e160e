// GIF by giflib, line by line: its own reading of whole files takes memory for all frames at once.
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "barcodes/image_reader.h"

namespace watchpost::barcodes {

namespace {

struct Input {
    base::ByteView left;
};

int read_input(GifFileType* file, GifByteType* to, int wanted)
{
    auto& input = *static_cast<Input*>(file->UserData);
    const auto count = std::min(static_cast<std::size_t>(std::max(wanted, 0)), input.left.size());
    std::memcpy(to, input.left.data(), count);
    input.left = input.left.subspan(count);
    return static_cast<int>(count);
}

struct CloseGif {
    void operator()(GifFileType* file) const noexcept { DGifCloseFile(file, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

class Canvas {
public:
    Canvas(GifFileType& file, const Limits& limits)
        : file_{file}
        , limits_{limits}
        , image_{static_cast<std::size_t>(file.SWidth), static_cast<std::size_t>(file.SHeight), 255}
    {
    }

    /// All frames that can be read, within the limit.
    std::vector<GreyImage> draw();

private:
    [[nodiscard]] bool read_extension();
    [[nodiscard]] bool draw_frame();
    [[nodiscard]] bool draw_line(std::size_t y);

    GifFileType& file_;
    const Limits& limits_;
    GreyImage image_;
    std::vector<GifPixelType> line_;
    int transparent_ = NO_TRANSPARENT_COLOR;
};

bool Canvas::read_extension()
{
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(&file_, &code, &block) != GIF_OK) {
        return false;
    }
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr &&
        DGifExtensionToGCB(block[0], block + 1, &control) ==
            GIF_OK) { // NOLINT(*-pointer-arithmetic)
        transparent_ = control.TransparentColor;
    }
    while (block != nullptr) {
        if (DGifGetExtensionNext(&file_, &block) != GIF_OK) {
            return false;
        }
    }
    return true;
}

bool Canvas::draw_line(std::size_t y)
{
    if (DGifGetLine(&file_, line_.data(), static_cast<int>(line_.size())) != GIF_OK) {
        return false;
    }
    const ColorMapObject* const map =
        file_.Image.ColorMap != nullptr ? file_.Image.ColorMap : file_.SColorMap;
    if (map == nullptr || y >= image_.height) {
        return map != nullptr;
    }
    const auto left = static_cast<std::size_t>(std::max(file_.Image.Left, 0));
    for (std::size_t x = 0; x < line_.size() && left + x < image_.width; ++x) {
        const int colour = line_[x];
        if (colour != transparent_ && colour < map->ColorCount) {
            const auto& c = map->Colors[colour]; // NOLINT(*-pointer-arithmetic)
            image_.at(left + x, y) = to_grey(c.Red, c.Green, c.Blue);
        }
    }
    return true;
}

bool Canvas::draw_frame()
{
    struct Pass {
        std::size_t first;
        std::size_t step;
    };
    constexpr std::array<Pass, 4> interlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<Pass, 1> plain{{{0, 1}}};
    if (DGifGetImageDesc(&file_) != GIF_OK || file_.Image.Width <= 0 || file_.Image.Height <= 0 ||
        file_.Image.Top < 0) {
        return false;
    }
    const auto width = static_cast<std::size_t>(file_.Image.Width);
    const auto height = static_cast<std::size_t>(file_.Image.Height);
    if (!is_size_allowed(width, height, limits_)) {
        return false;
    }
    line_.assign(width, 0);
    const auto top = static_cast<std::size_t>(file_.Image.Top);
    const auto passes =
        file_.Image.Interlace ? std::span<const Pass>{interlaced} : std::span<const Pass>{plain};
    for (const auto& [first, step] : passes) {
        for (std::size_t y = first; y < height; y += step) {
            if (!draw_line(top + y)) {
                return false;
            }
        }
    }
    return true;
}

std::vector<GreyImage> Canvas::draw()
{
    std::vector<GreyImage> frames;
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (frames.size() < limits_.frames_max && DGifGetRecordType(&file_, &record) == GIF_OK &&
           record != TERMINATE_RECORD_TYPE) {
        if (record == EXTENSION_RECORD_TYPE) {
            if (!read_extension()) {
                break;
            }
        } else if (record == IMAGE_DESC_RECORD_TYPE) {
            const bool is_whole = draw_frame();
            frames.push_back(image_);
            if (!is_whole) {
                break;
            }
            transparent_ = NO_TRANSPARENT_COLOR;
        }
    }
    return frames;
}

} // namespace

ImageReading read_gif(base::ByteView bytes, const Limits& limits)
{
    Input input{bytes};
    int error = 0;
    const Gif gif{DGifOpen(&input, read_input, &error)};
    if (gif == nullptr) {
        const char* const text = GifErrorString(error);
        return unreadable(text == nullptr ? "" : text);
    }
    const auto width = static_cast<std::uint64_t>(std::max(gif->SWidth, 0));
    const auto height = static_cast<std::uint64_t>(std::max(gif->SHeight, 0));
    if (!is_size_allowed(width, height, limits)) {
        return refuse_size(width, height);
    }
    ImageReading reading{Canvas{*gif, limits}.draw(), "", ""};
    return reading.images.empty() ? unreadable("it holds no frame") : std::move(reading);
}

} // namespace watchpost::barcodes
