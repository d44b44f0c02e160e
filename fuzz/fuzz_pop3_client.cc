// A hostile server against the client: the first octet chooses how the stream is cut into pieces.
#include <cstdint>

#include "pop3/client.h"

using watchpost::pop3::Client;
using watchpost::pop3::Event;
using watchpost::pop3::Verb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto octets = std::as_bytes(std::span{data, size});
    Client client;
    for (std::size_t at = 1; at < size && client.state() != Client::State::ended;) {
        if (client.outstanding() == 0 && client.state() == Client::State::authorization) {
            client.request(Verb::capa);
            client.request(Verb::pass, "p");
        } else if (client.outstanding() == 0 && client.state() == Client::State::transaction) {
            client.request(Verb::list);
            client.request(Verb::retr, 1, 40);
            client.request(Verb::retr, 2, 0);
        }
        auto input = watchpost::base::slice(octets, at, data[0] % 17U + 1U);
        at += input.size();
        for (auto event = client.next(input); event && event->kind != Event::Kind::need_input;
             event = client.next(input)) {
        }
    }
    return 0;
}
