#include "store/sqlite/sqlite_store.h"
#include "store/tests/conformance.h"
#include "store/tests/conformance_again.h"
#include "store/tests/conformance_copies.h"

namespace watchpost::store {
namespace {

std::unique_ptr<Store> open(const std::filesystem::path& folder)
{
    return std::move(open_sqlite_store((folder / "store.db").string()).value());
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values(OpenStore{open}),
                         [](const auto&) { return std::string{"embedded"}; });

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformanceAgain, testing::Values(OpenStore{open}),
                         [](const auto&) { return std::string{"embedded"}; });

} // namespace
} // namespace watchpost::store
