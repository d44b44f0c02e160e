// `watchpost spool list|export|check DIR`: looks at a spool, also beside a running collector.
#pragma once

namespace watchpost::app {

int run_spool(int argument_count, char** arguments);

} // namespace watchpost::app
