// `watchpost processes`: which processes there are, and what really holds an inspector in.
#pragma once

namespace watchpost::app {

int run_processes(int argument_count, char** arguments);

} // namespace watchpost::app
