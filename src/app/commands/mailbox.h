#pragma once

namespace watchpost::app {

int run_mailbox(int argument_count, char** arguments);

} // namespace watchpost::app
