// WebP by libwebp; of an animation the first frame.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "barcodes/image_reader.h"

namespace watchpost::barcodes {

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

ImageReading read_webp(base::ByteView bytes, const Limits& limits)
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
    std::vector<std::uint8_t> rgba(width * height * 4, 255);
    if (WebPDecodeRGBAInto(frame.bytes, frame.size, rgba.data(), rgba.size(), features.width * 4) ==
        nullptr) {
        return unreadable("its frame is damaged");
    }
    std::vector<std::uint8_t> grey_alpha(width * height * 2);
    for (std::size_t i = 0; i < width * height; ++i) {
        grey_alpha[2 * i] = to_grey(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]);
        grey_alpha[2 * i + 1] = rgba[4 * i + 3];
    }
    return {composited(grey_alpha, width, height), "", ""};
}

} // namespace watchpost::barcodes
