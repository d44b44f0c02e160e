#include "app/engine_watch.h"

#include <utility>

#include "app/inspection_setup.h"

namespace watchpost::app {

namespace {

pipeline::EngineState inside(std::string name, bool is_on)
{
    return {std::move(name), is_on ? "on" : "off", "", ""};
}

} // namespace

const std::vector<pipeline::EngineState>& EngineWatch::look(base::Deadline now)
{
    if (asked_at_ && now - *asked_at_ < ask_every) {
        return engines_;
    }
    const bool is_first = !asked_at_;
    asked_at_ = now;
    // Once on it stays on: a clamd that goes away is down, and not switched off.
    if (!clamd_ && uses_clamav(settings_)) {
        clamd_ = make_clamav_scanner(settings_);
        has_appeared_ = !is_first;
    }
    engines_ = {inside("attachment", settings_.engines.attachment),
                inside("yara", settings_.engines.yara), look_at_clamd()};
    return engines_;
}

pipeline::EngineState EngineWatch::look_at_clamd()
{
    if (!clamd_) {
        return inside("clamav", false);
    }
    const auto version = clamd_->version(std::chrono::steady_clock::now() + answer_time_max);
    const bool was_up = std::exchange(is_clamd_up_, version.has_value());
    if (was_up && !version) {
        log_.write("pipeline.engine_down",
                   {{"engine", "clamav"}, {"error", version.error().describe()}});
    } else if (!was_up && version) {
        log_.write("pipeline.engine_up", {{"engine", "clamav"}});
    }
    return version ? pipeline::EngineState{"clamav", "on", *version, ""}
                   : pipeline::EngineState{"clamav", "down", "", version.error().describe()};
}

} // namespace watchpost::app
