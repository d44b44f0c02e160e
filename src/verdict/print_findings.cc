// Writes docs/findings.md to standard output.
#include <cstdio>

#include "verdict/finding_table.h"

int main()
{
    const std::string page = watchpost::verdict::findings_as_markdown();
    return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
