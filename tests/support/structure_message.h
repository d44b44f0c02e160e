// The messages of tests/fixtures/structures, whose payload is put in when they are read: a file
// with EICAR's test string in it would be taken for malware by whoever keeps the repository.
//
// In a fixture "<CR>" is a bare CR, a line ends with CR LF, "<EICAR:form>" and "<OTHER:base64>" are
// payloads, and what stands between "<BASE64-BEGIN>" and "<BASE64-END>" is encoded at last.
#pragma once

#include <string>
#include <vector>

namespace watchpost::test {

struct StructureRow {
    std::string name;     // of the fixture, without ".eml"
    std::string path;     // of the leaf that is the payload
    std::string reading;  // in which it is a leaf
    std::string standard; // that the message plays with
    std::string what;
};

/// The rows of the manifest.
[[nodiscard]] std::vector<StructureRow> structure_rows();

/// The message of that row, ready to be sent.
[[nodiscard]] std::string structure_message(const std::string& name);

} // namespace watchpost::test
