#include "api/event_hub.h"

namespace watchpost::api {

void EventHub::forget_closed()
{
    std::erase_if(subscribers_, [](const Subscriber& one) {
        return one.stream->is_closed() || one.stream.use_count() == 1;
    });
}

std::shared_ptr<http::EventStream> EventHub::subscribe(const std::string& token)
{
    const std::lock_guard guard{lock_};
    forget_closed();
    if (subscribers_.size() >= streams_max_) {
        return nullptr;
    }
    auto stream = std::make_shared<http::EventStream>();
    subscribers_.push_back({token, stream});
    return stream;
}

void EventHub::publish(std::string_view name, std::string_view data,
                       const std::function<Sight(const std::string& token)>& sight)
{
    const std::lock_guard guard{lock_};
    for (const Subscriber& one : subscribers_) {
        switch (sight(one.token)) {
        case Sight::sees:
            one.stream->publish(name, data);
            break;
        case Sight::sees_not:
            break;
        case Sight::is_over:
            one.stream->close();
            break;
        }
    }
    forget_closed();
}

bool EventHub::has_listeners() const
{
    const std::lock_guard guard{lock_};
    return !subscribers_.empty();
}

void EventHub::close(const std::string& token)
{
    const std::lock_guard guard{lock_};
    for (const Subscriber& one : subscribers_) {
        if (one.token == token) {
            one.stream->close();
        }
    }
    forget_closed();
}

void EventHub::close_all()
{
    const std::lock_guard guard{lock_};
    for (const Subscriber& one : subscribers_) {
        one.stream->close();
    }
}

} // namespace watchpost::api
