#include "inspect/engines/attachment/containers.h"

#include <algorithm>
#include <utility>

namespace watchpost::inspect::attachment {

std::string_view parent_of(std::string_view path) noexcept
{
    const auto cut = path.rfind('!');
    return cut == std::string_view::npos ? std::string_view{} : path.substr(0, cut);
}

std::string_view member_of(std::string_view path) noexcept
{
    const auto cut = path.rfind('!');
    if (cut == std::string_view::npos) {
        return {};
    }
    std::string_view member = path.substr(cut + 1);
    const auto number = member.rfind('#');
    if (number != std::string_view::npos && number + 1 < member.size() &&
        member.find_first_not_of("0123456789", number + 1) == std::string_view::npos) {
        member = member.substr(0, number);
    }
    return member;
}

bool Containers::remember(std::string_view path, Container container)
{
    if (by_path_.size() >= containers_max) {
        return false;
    }
    by_path_.insert_or_assign(std::string{path}, std::move(container));
    return true;
}

Container* Containers::find(std::string_view path) noexcept
{
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &found->second;
}

Container* Containers::find_or_remember(std::string_view path)
{
    if (find(path) == nullptr) {
        remember(path, {});
    }
    return find(path);
}

std::string_view Containers::document_of(std::string_view path) noexcept
{
    for (std::string_view above = parent_of(path); !above.empty(); above = parent_of(path)) {
        const Container* const container = find(above);
        if (container == nullptr || !container->is_package) {
            break;
        }
        path = above;
    }
    return path;
}

} // namespace watchpost::inspect::attachment
