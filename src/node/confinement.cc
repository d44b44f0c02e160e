#include "node/confinement.h"

#include "base/assert.h"

namespace watchpost::node {

os::Confinement confinement_of(std::string_view process, const StateFolder& folder)
{
    if (process == "control") {
        return {.network = os::Network::listens,
                .may_start_programs = false,
                .may_write = {folder.stores(), folder.tls(), folder.run(), folder.rules()}};
    }
    if (process == "collector") {
        return {.network = os::Network::connects,
                .may_start_programs = false,
                .may_write = {folder.spool()}};
    }
    WP_ASSERT(process == "pipeline"); // it starts the inspectors
    return {.network = os::Network::unix_only,
            .may_start_programs = true,
            .may_write = {folder.content()}};
}

} // namespace watchpost::node
