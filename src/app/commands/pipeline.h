// `watchpost pipeline`: from the spool to the records, as a process of the service.
#pragma once

namespace watchpost::app {

[[nodiscard]] int run_pipeline_command(int argument_count, char** arguments);

} // namespace watchpost::app
