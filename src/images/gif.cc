// GIF by giflib, line by line: its own reading of whole files takes memory for all frames at once.
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "images/image_reader.h"

namespace watchpost::images {

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

template <typename Image>
class Canvas {
public:
    /// `blank` has the size of the file's screen.
    Canvas(GifFileType& file, const Limits& limits, Image blank)
        : file_{file}
        , limits_{limits}
        , image_{std::move(blank)}
    {
    }

    /// As many frames as can be read, within the limit.
    std::vector<Image> draw(std::size_t frames_max);

private:
    [[nodiscard]] bool read_extension();
    [[nodiscard]] bool draw_frame();
    [[nodiscard]] bool draw_line(std::size_t y);

    GifFileType& file_;
    const Limits& limits_;
    Image image_;
    std::vector<GifPixelType> line_;
    int transparent_ = NO_TRANSPARENT_COLOR;
};

template <typename Image>
bool Canvas<Image>::read_extension()
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

template <typename Image>
bool Canvas<Image>::draw_line(std::size_t y)
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
            image_.put(left + x, y, c.Red, c.Green, c.Blue);
        }
    }
    return true;
}

template <typename Image>
bool Canvas<Image>::draw_frame()
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

template <typename Image>
std::vector<Image> Canvas<Image>::draw(std::size_t frames_max)
{
    std::vector<Image> frames;
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (frames.size() < frames_max && DGifGetRecordType(&file_, &record) == GIF_OK &&
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

/// An open file and the size of its screen; without a file, why.
struct Opened {
    Gif gif;
    std::size_t width = 0;
    std::size_t height = 0;
    Refusal refusal;
};

Opened open_gif(Input& input, const Limits& limits)
{
    int error = 0;
    Gif gif{DGifOpen(&input, read_input, &error)};
    if (gif == nullptr) {
        const char* const text = GifErrorString(error);
        return {nullptr, 0, 0, unreadable(text == nullptr ? "" : text)};
    }
    const auto width = static_cast<std::size_t>(std::max(gif->SWidth, 0));
    const auto height = static_cast<std::size_t>(std::max(gif->SHeight, 0));
    if (!is_size_allowed(width, height, limits)) {
        return {nullptr, 0, 0, refuse_size(width, height)};
    }
    return {std::move(gif), width, height, {}};
}

constexpr auto no_frame = "it holds no frame";

} // namespace

ImageReading read_gif(base::ByteView bytes, const Limits& limits)
{
    Input input{bytes};
    auto [gif, width, height, refusal] = open_gif(input, limits);
    if (gif == nullptr) {
        return std::move(refusal);
    }
    Canvas canvas{*gif, limits, GreyImage{width, height, 255}};
    ImageReading reading{canvas.draw(limits.frames_max), "", ""};
    if (reading.images.empty()) {
        return unreadable(no_frame);
    }
    return reading;
}

ColourReading read_gif_colour(base::ByteView bytes, const Limits& limits)
{
    Input input{bytes};
    auto [gif, width, height, refusal] = open_gif(input, limits);
    if (gif == nullptr) {
        return std::move(refusal);
    }
    Canvas canvas{*gif, limits, ColourImage{width, height}};
    auto frames = canvas.draw(1);
    if (frames.empty()) {
        return unreadable(no_frame);
    }
    return {std::move(frames.front()), "", ""};
}

} // namespace watchpost::images
