#include "pipeline/inspector_end.h"

#include <csignal>

#include "diag/quote.h"

namespace watchpost::pipeline {

namespace {

constexpr std::size_t last_words_bytes_max = 400;

std::string with_last_words(std::string detail, std::string_view last_words)
{
    while (!last_words.empty() && (last_words.back() == '\n' || last_words.back() == ' ')) {
        last_words.remove_suffix(1);
    }
    if (!last_words.empty()) {
        detail += "; its last words: " + diag::quote(last_words, last_words_bytes_max);
    }
    return detail;
}

} // namespace

InspectorEnd end_of_process(const os::ExitStatus& status, std::string_view last_words)
{
    if (status.by_signal && status.value == SIGXCPU) {
        return {"inspector_timed_out", "it used more processor time than allowed"};
    }
    // The C++ library says so where memory ran out in a function that must not throw.
    if (last_words.find("std::bad_alloc") != std::string_view::npos) {
        return end_by_memory();
    }
    std::string detail = status.describe();
    if (status.by_signal && status.value == SIGSYS) {
        detail += ": it tried a system call that is forbidden in the sandbox";
    }
    if (status.by_signal && status.value == SIGKILL) {
        detail += ": ended from outside, perhaps because the machine has too little memory";
    }
    return {"inspector_crashed", with_last_words(std::move(detail), last_words)};
}

InspectorEnd end_by_protocol(std::string_view what)
{
    return {"inspector_crashed", "killed, since it broke the protocol: " + diag::quote(what)};
}

InspectorEnd end_by_time()
{
    return {"inspector_timed_out", "killed, since it did not answer within the time"};
}

InspectorEnd end_by_memory()
{
    return {"inspector_out_of_memory", "it needed more memory than allowed"};
}

InspectorEnd end_unavailable(std::string_view why)
{
    return {"inspector_unavailable", diag::quote(why)};
}

} // namespace watchpost::pipeline
