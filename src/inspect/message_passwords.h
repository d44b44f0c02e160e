// The passwords that a message may be opened with: those of the settings, then what its own texts,
// names and text files give.
//
// Reads texts only when something encrypted is met. Not thread-safe; one object a message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/password_candidates.h"
#include "message/message.h"
#include "unpack/passwords.h"

namespace watchpost::inspect {

class MessagePasswords final : public unpack::Passwords {
public:
    static constexpr std::size_t noted_texts_max = 50; // files of containers
    static constexpr std::size_t noted_text_bytes_max = std::size_t{16} << 10U;

    explicit MessagePasswords(const std::vector<std::string>& listed);

    /// While this lives, the texts of the message count, too: those of the innermost first. The
    /// message outlives it.
    class Within {
    public:
        Within(MessagePasswords& passwords, const message::Message& message);
        ~Within();
        Within(const Within&) = delete;
        Within& operator=(const Within&) = delete;

    private:
        MessagePasswords& passwords_; // outlives the visit
    };

    /// A file of a container that may be read by people: kept where it is short.
    void note_file(std::string_view name, std::string_view real_type, base::ByteView bytes);

    [[nodiscard]] const std::vector<unpack::Password>& known() override;

private:
    struct Level {
        const message::Message* message;
        std::optional<std::vector<unpack::Password>> found; // once they were asked for
    };
    struct Noted {
        std::string name;
        std::string real_type;
        std::string text; // as it stands; empty where it is none, or too long
    };

    [[nodiscard]] const std::vector<unpack::Password>& of_level(Level& level);
    void read_noted();

    std::vector<unpack::Password> listed_;
    std::vector<Level> levels_; // outermost first
    std::vector<Noted> noted_;
    std::size_t noted_read_ = 0; // of noted_
    PasswordCandidates of_noted_;
    std::vector<unpack::Password> all_; // what known() gave last
    bool is_current_ = false;           // … and what it would make
};

} // namespace watchpost::inspect
