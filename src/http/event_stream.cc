#include "http/event_stream.h"

#include "base/assert.h"

namespace watchpost::http {

std::string to_wire(std::string_view name, std::string_view data)
{
    WP_ASSERT(name.find_first_of("\r\n") == std::string_view::npos);
    std::string text = "event: ";
    text += name;
    text += '\n';
    while (true) {
        const auto end = data.find_first_of("\r\n");
        text += "data: ";
        text += data.substr(0, end);
        text += '\n';
        if (end == std::string_view::npos) {
            break;
        }
        const bool is_pair = data.substr(end).starts_with("\r\n");
        data.remove_prefix(end + (is_pair ? 2 : 1));
    }
    return text + '\n';
}

void EventStream::publish(std::string_view name, std::string_view data)
{
    {
        const std::scoped_lock lock{mutex_};
        if (is_closed_) {
            return;
        }
        if (queue_.size() >= queued_events_max) {
            queue_.clear();
            lost_ = true;
        }
        if (lost_) {
            queue_.clear();
            queue_.push_back(to_wire("resync", "{}"));
        } else {
            queue_.push_back(to_wire(name, data));
        }
    }
    wake_reader();
}

void EventStream::close()
{
    {
        const std::scoped_lock lock{mutex_};
        is_closed_ = true;
    }
    wake_reader();
}

bool EventStream::is_closed() const
{
    const std::scoped_lock lock{mutex_};
    return is_closed_;
}

std::optional<std::string> EventStream::take()
{
    const std::scoped_lock lock{mutex_};
    if (queue_.empty() && is_closed_) {
        return std::nullopt;
    }
    std::string text;
    for (const auto& event : queue_) {
        text += event;
    }
    queue_.clear();
    lost_ = false;
    return text;
}

void EventStream::on_wake(std::function<void()> wake)
{
    const std::scoped_lock lock{mutex_};
    wake_ = std::move(wake);
}

void EventStream::wake_reader()
{
    // Under the lock: once on_wake({}) returned, the old function is not running any more.
    const std::scoped_lock lock{mutex_};
    if (wake_) {
        wake_();
    }
}

} // namespace watchpost::http
