// The first account, and the way back in.
#include "api/account_password.h"
#include "api/api.h"

namespace watchpost::api {

base::Result<std::optional<std::string>> make_first_account(store::Writer& writer,
                                                            const secrets::PasswordCost& cost)
{
    const auto users = writer.reader().users();
    if (!users) {
        return base::fail(users.error());
    }
    if (!users->empty()) {
        return std::nullopt;
    }
    std::string password = secrets::random_password();
    store::User user;
    user.id = store::UserId::make();
    user.name = "admin";
    user.roles = {store::Role::administrator, store::Role::senior_security_officer};
    set_one_time_password(user, secrets::hash_password(password, cost));
    user.created_at = base::now();
    const auto added =
        writer.run([&](store::Store& store) { return store.add_user(user, store::Actor{}); });
    if (!added) {
        return base::fail(added.error());
    }
    return password;
}

base::Result<std::string> reset_password(store::Writer& writer, const std::string& name,
                                         const store::Actor& actor,
                                         const secrets::PasswordCost& cost)
{
    auto user = writer.reader().user_by_name(name);
    if (!user) {
        return base::fail(user.error());
    }
    std::string password = secrets::random_password();
    set_one_time_password(*user, secrets::hash_password(password, cost));
    ++user->session_epoch;
    const auto changed = writer.run(
        [&](store::Store& store) { return store.change_user(*user, actor, "password"); });
    if (!changed) {
        return base::fail(changed.error());
    }
    return password;
}

} // namespace watchpost::api
