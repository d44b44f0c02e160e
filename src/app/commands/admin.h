// `watchpost admin …`: what only somebody on the machine itself may do.
#pragma once

namespace watchpost::app {

int run_admin(int argument_count, char** arguments);

} // namespace watchpost::app
