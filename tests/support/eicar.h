// The EICAR test file, put together here so that no file of the repository is taken for it.
#pragma once

#include <string>

namespace watchpost::test {

[[nodiscard]] inline std::string eicar()
{
    std::string text = "X5O!P%@AP[4\\PZX54(P^)7CC)7}";
    text += "$EICAR-STANDARD-ANTIVIRUS";
    text += "-TEST-FILE!$H+H*";
    return text;
}

} // namespace watchpost::test
