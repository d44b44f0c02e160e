// Our MIME reader beside GMime on the same messages, in the same process, in interleaved rounds.
// Prints the median of each and the ratio; judges nothing.
//
//   mime_bench [--rounds N] FOLDER…      every file below the folders is one message
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <gmime/gmime.h>

#include "message/base64.h"
#include "message/message.h"
#include "message/model_builder.h"
#include "model/json.h"

namespace {

using namespace watchpost;
using Clock = std::chrono::steady_clock;
using Messages = std::vector<std::string>;

std::uint64_t checksum = 0; // keeps the compiler from leaving work out

GMimeMessage* gmime_parse(const std::string& raw)
{
    GMimeStream* const stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
    GMimeParser* const parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    GMimeMessage* const message = g_mime_parser_construct_message(parser, nullptr);
    g_object_unref(parser);
    return message;
}

void gmime_decode(GMimeObject* /*parent*/, GMimeObject* part, void* /*data*/)
{
    if (!GMIME_IS_PART(part)) {
        return;
    }
    GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(part));
    if (content != nullptr) {
        GMimeStream* const sink = g_mime_stream_mem_new();
        checksum += static_cast<std::uint64_t>(g_mime_data_wrapper_write_to_stream(content, sink));
        g_object_unref(sink);
    }
}

void gmime_round(const Messages& messages, bool decode)
{
    for (const auto& raw : messages) {
        GMimeMessage* const message = gmime_parse(raw);
        if (message == nullptr) {
            continue;
        }
        if (decode) {
            g_mime_message_foreach(message, gmime_decode, nullptr);
        }
        g_object_unref(message);
    }
}

void our_round(const Messages& messages, bool decode)
{
    std::vector<message::Defect> defects;
    for (const auto& raw : messages) {
        const auto parsed = message::Message::parse(base::as_bytes(raw));
        checksum += parsed.root().header.size();
        if (!decode) {
            continue;
        }
        for (const auto* part : message::leaves(parsed)) {
            defects.clear();
            checksum += message::DecodedContent::decode(*part, defects).bytes().size();
        }
    }
}

void our_model_round(const Messages& messages)
{
    for (const auto& raw : messages) {
        const auto parsed = message::Message::parse(base::as_bytes(raw));
        checksum += model::to_json(message::build_model(parsed)).size();
    }
}

double seconds_of(const std::function<void()>& work)
{
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Both in every round, the order changing, so that neither always finds warm caches.
void compare(const char* name, const Messages& messages, bool decode, int rounds)
{
    std::vector<double> ours;
    std::vector<double> theirs;
    const auto run_ours = [&] { ours.push_back(seconds_of([&] { our_round(messages, decode); })); };
    const auto run_theirs = [&] {
        theirs.push_back(seconds_of([&] { gmime_round(messages, decode); }));
    };
    for (int round = 0; round < rounds; ++round) {
        round % 2 == 0 ? run_ours() : run_theirs();
        round % 2 == 0 ? run_theirs() : run_ours();
    }
    std::size_t bytes = 0;
    for (const auto& raw : messages) {
        bytes += raw.size();
    }
    const double mebibytes = static_cast<double>(bytes) / (1024 * 1024);
    const double our_time = median(ours);
    const double their_time = median(theirs);
    std::printf("%-34s %6zu msgs %8.1f MiB  ours %9.1f ms (%7.1f MiB/s)  GMime %9.1f ms "
                "(%7.1f MiB/s)  ratio %5.2f\n",
                name, messages.size(), mebibytes, our_time * 1e3, mebibytes / our_time,
                their_time * 1e3, mebibytes / their_time, their_time / our_time);
}

Messages read_folder(const std::filesystem::path& folder)
{
    Messages messages;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file()) {
            std::ifstream in{entry.path(), std::ios::binary};
            messages.emplace_back(std::istreambuf_iterator<char>{in},
                                  std::istreambuf_iterator<char>{});
        }
    }
    return messages;
}

/// A message with one attachment of that many octets in base64.
std::string with_attachment(std::size_t octets)
{
    base::Bytes content(octets);
    std::uint32_t state = 1;
    for (auto& octet : content) {
        state = state * 1664525U + 1013904223U;
        octet = static_cast<std::byte>(state >> 24U);
    }
    return "From: a@example.org\r\nSubject: large\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
           "text/plain\r\n\r\n"
           "See the attachment.\r\n--b\r\nContent-Type: application/octet-stream\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           message::encode_base64(content, 76) + "\r\n--b--\r\n";
}

} // namespace

int main(int argument_count, char** arguments)
{
    g_mime_init();
    int rounds = 7;
    std::vector<std::string> folders;
    for (int i = 1; i < argument_count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--rounds" && i + 1 < argument_count) {
            rounds = std::max(1, std::atoi(arguments[++i]));
        } else {
            folders.push_back(argument);
        }
    }
    for (const auto& folder : folders) {
        const auto messages = read_folder(folder);
        const auto name = std::filesystem::path{folder}.filename().string();
        compare((name + ", parse").c_str(), messages, false, rounds);
        compare((name + ", parse and decode").c_str(), messages, true, rounds);
        const double time = seconds_of([&] { our_model_round(messages); });
        std::printf("%-34s %6zu msgs               ours %9.1f ms (%7.0f messages/s)\n",
                    (name + ", model and JSON").c_str(), messages.size(), time * 1e3,
                    static_cast<double>(messages.size()) / time);
    }
    const Messages large(8, with_attachment(std::size_t{8} << 20U));
    compare("base64 of 8 MiB, parse", large, false, rounds);
    compare("base64 of 8 MiB, parse and decode", large, true, rounds);
    g_mime_shutdown();
    return checksum == 0 ? 1 : 0;
}
