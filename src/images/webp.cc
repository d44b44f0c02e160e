// WebP by libwebp; of an animation the first frame.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "images/image_reader.h"

namespace watchpost::images {

namespace {

struct DeleteDemuxer {
    void operator()(WebPDemuxer* demuxer) const noexcept { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

/// Views into the file.
WebPData first_frame(const WebPDemuxer& demuxer)
{
    WebPIterator frame{};
    WebPData data{};
    if (WebPDemuxGetFrame(&demuxer, 1, &frame) != 0) {
        data = frame.fragment;
    }
    WebPDemuxReleaseIterator(&frame);
    return data;
}

} // namespace

ColourReading read_webp_colour(base::ByteView bytes, const Limits& limits)
{
    const WebPData file{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    WebPDemuxState state{};
    const Demuxer demuxer{WebPDemuxPartial(&file, &state)};
    const WebPData frame = demuxer == nullptr ? WebPData{} : first_frame(*demuxer);
    WebPBitstreamFeatures features{};
    if (frame.bytes == nullptr ||
        WebPGetFeatures(frame.bytes, frame.size, &features) != VP8_STATUS_OK) {
        return unreadable("it holds no frame");
    }
    const auto width = static_cast<std::size_t>(features.width);
    const auto height = static_cast<std::size_t>(features.height);
    if (!is_size_allowed(width, height, limits)) {
        return refuse_size(width, height);
    }
    ColourReading reading{ColourImage{width, height}, "", ""};
    auto& rgba = reading.image.rgba;
    if (WebPDecodeRGBAInto(frame.bytes, frame.size, rgba.data(), rgba.size(), features.width * 4) ==
        nullptr) {
        return unreadable("its frame is damaged");
    }
    return reading;
}

ImageReading read_webp(base::ByteView bytes, const Limits& limits)
{
    auto [image, gap, detail] = read_webp_colour(bytes, limits);
    const auto& rgba = image.rgba;
    std::vector<std::uint8_t> grey_alpha(rgba.size() / 2);
    for (std::size_t i = 0; i < rgba.size() / 4; ++i) {
        grey_alpha[2 * i] = to_grey(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]);
        grey_alpha[2 * i + 1] = rgba[4 * i + 3];
    }
    return rgba.empty() ? ImageReading{{}, gap, std::move(detail)}
                        : ImageReading{composited(grey_alpha, image.width, image.height), "", ""};
}

} // namespace watchpost::images
