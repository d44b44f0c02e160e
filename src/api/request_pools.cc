#include "api/request_pools.h"

#include <algorithm>
#include <utility>

namespace watchpost::api {
namespace {

constexpr std::array<std::string_view, 4> hashing{"signIn", "changeOwnPassword", "addUser",
                                                  "changeUser"};
constexpr std::array<std::string_view, 3> connecting{"testConnection", "beginDeviceCode",
                                                     "askDeviceCode"};
constexpr std::array<std::string_view, 15> asking{
    "addMailbox",    "applyMailbox",    "removeMailbox",      "pollNow",    "listPolls",
    "getMailServer", "fetchAgain",      "endFetchAgain",      "tryAgain",   "listStuckMessages",
    "addYaraRules",  "removeYaraRules", "downloadRawMessage", "viewObject", "downloadObject"};

template <typename Operations>
bool is_among(const Operations& operations, std::string_view operation) noexcept
{
    return std::ranges::find(operations, operation) != operations.end();
}

} // namespace

Work work_of(std::string_view operation) noexcept
{
    if (is_among(connecting, operation)) {
        return Work::mail_server;
    }
    if (is_among(hashing, operation)) {
        return Work::password;
    }
    return is_among(asking, operation) ? Work::process : Work::quick;
}

RequestPools::RequestPools(const RequestPoolSettings& settings)
    : connection_tests_max_{settings.connection_tests_max}
    , quick_{settings.quick_threads, settings.waiting_max}
    , password_{settings.password_threads, settings.waiting_max}
    , process_{settings.process_threads, settings.waiting_max}
    , mail_server_{settings.connection_tests_max, settings.connection_tests_max}
{
}

bool RequestPools::post(Work kind, std::function<void()>& work)
{
    switch (kind) {
    case Work::quick:
        return quick_.post(work);
    case Work::password:
        return password_.post(work);
    case Work::process:
        return process_.post(work);
    case Work::mail_server:
        break;
    }
    // One that waited would come too late for the browser: the test before it may take as long as
    // an answer may.
    if (++connection_tests_ > connection_tests_max_) {
        --connection_tests_;
        return false;
    }
    std::function<void()> counted = [this, work] {
        work();
        --connection_tests_;
    };
    if (!mail_server_.post(counted)) {
        --connection_tests_;
        return false;
    }
    return true;
}

} // namespace watchpost::api
