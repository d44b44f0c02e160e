#include "app/collect/command_tokens.h"

#include "app/collect/token_file.h"

namespace watchpost::app {

CommandTokens::CommandTokens(const Pop3Options& options, const net::Cancellation& cancellation)
    : source_{{.post = collector::https_post(cancellation),
               .keeper = std::make_shared<TokenFileKeeper>(options.refresh_token_file)}}
{
    if (options.token) {
        login_.emplace(source_, options.settings.user, *options.token);
    }
}

} // namespace watchpost::app
