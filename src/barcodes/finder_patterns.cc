#include "barcodes/finder_patterns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace watchpost::barcodes {

namespace {

using Runs = std::array<std::size_t, 5>; // dark, light, dark, light, dark

/// 1 : 1 : 3 : 1 : 1, each off by a module at most; a module of one pixel may be two.
bool has_ratio(const Runs& runs)
{
    std::size_t sum = 0;
    for (const std::size_t run : runs) {
        sum += run;
    }
    if (sum < 7) {
        return false;
    }
    const double module = static_cast<double>(sum) / 7;
    const auto is_near = [&](std::size_t run, double modules) {
        const double off = static_cast<double>(run) - modules * module;
        return std::abs(off) <= 0.75 * module + 1;
    };
    return is_near(runs[0], 1) && is_near(runs[1], 1) && is_near(runs[2], 3) &&
           is_near(runs[3], 1) && is_near(runs[4], 1) && runs[2] > runs[1] && runs[2] > runs[3];
}

/// The pixels of one shade from `y` on, in the direction of `step`; `y` moves behind them.
std::size_t run_along(const BitImage& image, std::size_t x, std::ptrdiff_t& y, std::ptrdiff_t step,
                      std::size_t length_max)
{
    const auto height = static_cast<std::ptrdiff_t>(image.height);
    if (y < 0 || y >= height) {
        return 0;
    }
    const bool shade = image.is_dark(x, static_cast<std::size_t>(y));
    std::size_t length = 0;
    while (y >= 0 && y < height && length <= length_max &&
           image.is_dark(x, static_cast<std::size_t>(y)) == shade) {
        ++length;
        y += step;
    }
    return length;
}

/// Are there dark, light and dark above and below the middle, too?
bool is_crossed(const BitImage& image, std::size_t x, std::size_t y, std::size_t width)
{
    for (const std::ptrdiff_t step : {-1, 1}) {
        auto at = static_cast<std::ptrdiff_t>(y);
        const std::size_t middle = run_along(image, x, at, step, width);
        const std::size_t gap = run_along(image, x, at, step, width);
        const std::size_t frame = run_along(image, x, at, step, width);
        if (middle > width || gap == 0 || gap > width || frame == 0) {
            return false;
        }
    }
    return true;
}

struct Place {
    std::size_t x;
    std::size_t y;
    std::size_t width;
};

class Counter {
public:
    Counter(const BitImage& image, std::size_t count_max) : image_{image}, count_max_{count_max} {}

    std::size_t count()
    {
        for (std::size_t y = 0; y < image_.height && places_.size() <= count_max_; ++y) {
            read_row(y);
        }
        return places_.size();
    }

private:
    void read_row(std::size_t y)
    {
        Runs runs{};
        bool shade = false; // a row begins with a light run, perhaps of no pixel
        for (std::size_t x = 0; x <= image_.width; ++x) {
            const bool is_end = x == image_.width;
            if (!is_end && image_.is_dark(x, y) == shade) {
                ++runs[4];
                continue;
            }
            if (shade && has_ratio(runs)) {
                take(x, y, runs);
            }
            std::shift_left(runs.begin(), runs.end(), 1);
            runs[4] = 1;
            shade = !shade;
        }
    }

    void take(std::size_t end, std::size_t y, const Runs& runs)
    {
        std::size_t width = 0;
        for (const std::size_t run : runs) {
            width += run;
        }
        const std::size_t middle = end - runs[4] - runs[3] - runs[2] / 2 - 1;
        const auto is_same = [&](const Place& place) {
            const auto distance = [](std::size_t a, std::size_t b) {
                return a > b ? a - b : b - a;
            };
            return distance(place.x, middle) < width / 4 && distance(place.y, y) <= width / 2 &&
                   width < 2 * place.width && place.width < 2 * width;
        };
        if (places_.size() <= count_max_ && std::ranges::none_of(places_, is_same) &&
            is_crossed(image_, middle, y, width)) {
            places_.push_back({middle, y, width});
        }
    }

    const BitImage& image_;
    std::size_t count_max_;
    std::vector<Place> places_;
};

} // namespace

std::size_t count_finder_patterns(const BitImage& image, std::size_t count_max)
{
    return Counter{image, count_max}.count();
}

} // namespace watchpost::barcodes
