// Which parts of a message are its text and which are attachments: the choice that a mail program
// makes, after RFC 8621 §4.1.4. Embedded messages are attachments and keep their own. Thread-safe.
#pragma once

#include <vector>

#include "message/message.h"

namespace watchpost::message {

struct BodyParts {
    std::vector<const Part*> plain;
    std::vector<const Part*> html;
    std::vector<const Part*> attachments; // all other leaves, message/rfc822 as a whole
};

[[nodiscard]] BodyParts choose_bodies(const Part& root);

} // namespace watchpost::message
