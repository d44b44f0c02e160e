#include "collector/step_times.h"

#include <algorithm>
#include <utility>

namespace watchpost::collector {

StepTime& StepTimes::find(std::string_view step)
{
    const auto found = std::ranges::find(steps_, step, &StepTime::step);
    return found != steps_.end() ? *found
                                 : steps_.emplace_back(StepTime{std::string{step}, {}, false});
}

void StepTimes::enter(std::string_view step)
{
    end();
    current_ = step;
    began_ = Clock::now();
    static_cast<void>(find(current_));
}

void StepTimes::end()
{
    if (!current_.empty()) {
        find(current_).duration +=
            std::chrono::round<std::chrono::milliseconds>(Clock::now() - began_);
        current_.clear();
    }
}

void StepTimes::fail()
{
    if (!current_.empty()) {
        find(current_).has_failed = true;
    }
    end();
}

void StepTimes::add(StepTimes other, bool has_failed)
{
    end();
    if (has_failed) {
        other.fail();
    } else {
        other.end();
    }
    for (const auto& step : other.steps_) {
        auto& own = find(step.step);
        own.duration += step.duration;
        own.has_failed = own.has_failed || step.has_failed;
    }
}

} // namespace watchpost::collector
