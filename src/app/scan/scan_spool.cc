#include "app/scan/scan_source.h"
namespace watchpost::app {
base::Result<void> for_each_spooled(const std::filesystem::path&, const TakeItem&)
{
    return base::fail(base::ErrorCode::unsupported, base::Retry::never, "the spool reader is not linked yet");
}
} // namespace watchpost::app
