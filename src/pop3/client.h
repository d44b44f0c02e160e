// A POP3 client as one sans-IO machine: server octets in, events out; requests in, octets to send
// out.
//
// Owns no socket, clock or thread: the caller moves the octets, keeps the deadlines and shuts the
// link on error, after which the machine must not be used again. Replies are matched with requests
// in order, so that requests may be pipelined (RFC 2449 §6.6); docs/adr/0003 says what happens when
// a server loses step. Not thread-safe. RFC 1939, RFC 2449, RFC 2595 §4, RFC 5034.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "pop3/body_decoder.h"
#include "pop3/line_reader.h"
#include "pop3/reply.h"

namespace watchpost::pop3 {

enum class Verb : std::uint8_t {
    greeting, // what the server says first; never requested
    capa,
    stls,
    user,
    pass,
    apop,         // RFC 1939 §7
    auth,         // "AUTH X": "+" is due, "+OK" is taken for it (Exchange 2003)
    auth_initial, // "AUTH X" with the response in it: "+OK" is the log-in. RFC 5034 §4
    response,     // the line that answers a "+" of AUTH
    stat,
    list,
    uidl,
    retr,
    dele,
    rset,
    noop,
    quit
};

[[nodiscard]] std::string_view to_string(Verb verb) noexcept; // "RETR", "greeting"

struct Event {
    enum class Kind : std::uint8_t {
        need_input, // all input is used up
        reply, // the status line of `verb`; if more follows, `line`s or `body`s and an `end` do
        line,  // one line of CAPA, LIST or UIDL, dot-stuffing removed
        body,  // a piece of a message
        end    // of a multi-line reply
    };

    Kind kind = Kind::need_input;
    Verb verb = Verb::greeting;
    std::uint32_t number = 0;    // of the message, for RETR and DELE
    StatusLine status;           // of a reply; texts are valid until the next call
    std::string_view line;       // of a line; valid until the next call
    base::ByteView body;         // a view of the input or of constant octets
    std::uint64_t octets = 0;    // at an end of RETR: content octets in all
    std::uint64_t announced = 0; // at an end of RETR: what the request said
    bool is_early_end_kept =
        false; // at an end of RETR: a terminator came before `announced` octets with
               // more behind it, and was taken for unstuffed content
    bool is_end_glued = false; // at an end of RETR: by end_glued(); its ".CRLF" is in the content

    [[nodiscard]] bool is_short() const noexcept { return octets < announced; }
    [[nodiscard]] bool is_long() const noexcept { return announced > 0 && octets > announced; }
};

/// A terminator behind text that has no end of its line; see Client::may_have_ended().
inline constexpr std::string_view glued_end = ".\r\n";

class Client {
public:
    enum class State : std::uint8_t {
        greeting,
        authorization,
        handshake, // STLS was accepted; wait for begin_tls()
        transaction,
        ended // by QUIT, or by an error
    };

    /// Queues a request. Which verbs are allowed follows from the state; arguments hold no CR, LF
    /// or NUL (credentials and numbers are checked where they come from).
    void request(Verb verb, std::string_view argument = {});
    void request(Verb verb, std::uint32_t number, std::uint64_t announced_octets = 0);

    /// What is to be sent now; the caller takes it all.
    [[nodiscard]] std::string take_output();

    /// Takes octets off the front of `input` up to the next event. An error ends the machine: the
    /// server broke the protocol, lost step with us or spoke unasked.
    [[nodiscard]] base::Result<Event> next(base::ByteView& input);

    /// A message has all its announced octets and ends with ".CRLF" behind other text, with nothing
    /// outstanding behind it: where the server now stays silent, that was its terminator. (Exchange
    /// 2000 glues it to a last line that has no end.)
    [[nodiscard]] bool may_have_ended() const noexcept;

    /// Takes it for the terminator; may_have_ended() holds.
    [[nodiscard]] Event end_glued();

    /// The TLS handshake is done; what was said in clear is forgotten.
    void begin_tls();

    [[nodiscard]] State state() const noexcept { return state_; }

    /// What the last -ERR spoke of; none after a +OK.
    [[nodiscard]] Trouble trouble() const noexcept { return trouble_; }

    /// Replies that are still to come.
    [[nodiscard]] std::size_t outstanding() const noexcept { return expected_.size(); }

    /// What the next event is about, for messages: "the greeting", "the reply to RETR 17".
    [[nodiscard]] std::string awaited() const;

private:
    struct Expected {
        Verb verb = Verb::greeting;
        std::uint32_t number = 0;
        std::uint64_t announced = 0;
    };
    enum class Reading : std::uint8_t { status, lines, body };

    void expect(Expected expected);
    void note_tail(base::ByteView content);
    [[nodiscard]] base::Result<Event> read_status(base::ByteView& input);
    [[nodiscard]] base::Result<Event> read_line(base::ByteView& input);
    [[nodiscard]] base::Result<Event> read_body(base::ByteView& input);
    [[nodiscard]] base::Result<Event> on_status(const StatusLine& status, base::ByteView rest);
    [[nodiscard]] base::Result<void> change_state(Verb verb, const StatusLine& status,
                                                  base::ByteView rest);
    [[nodiscard]] Event end_of_reply();
    [[nodiscard]] Event event(Event::Kind kind) const;
    [[nodiscard]] base::Failure unsolicited(base::ByteView input);
    [[nodiscard]] base::Failure end(base::ErrorCode code, std::string message);
    [[nodiscard]] base::Failure end(base::Error error);

    State state_ = State::greeting;
    Reading reading_ = Reading::status;
    std::deque<Expected> expected_{{}}; // the greeting
    std::string output_;
    LineReader lines_;
    BodyDecoder body_;
    std::size_t empty_lines_ = 0; // before the present reply
    std::size_t line_count_ = 0;  // of the present multi-line reply
    std::uint64_t body_octets_ = 0;
    bool is_early_end_kept_ = false;
    Trouble trouble_ = Trouble::none;
    std::string tail_;           // the last octets of the present message, at most three
    bool has_lost_step_ = false; // a message's size was wrong with replies outstanding behind it
};

} // namespace watchpost::pop3
