// Private: the state of the service for Prometheus (text format 0.0.4).
#pragma once

#include <string>

#include "api/backend.h"

namespace watchpost::api {

[[nodiscard]] std::string metrics_text(const ServiceStatus& status);

} // namespace watchpost::api
