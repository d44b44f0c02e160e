// `watchpost collect`: one poll of one mailbox into a spool.
#pragma once

namespace watchpost::app {

int run_collect(int argument_count, char** arguments);

} // namespace watchpost::app
