#include "spool/new_record.h"

#include "spool/crc32c.h"

namespace watchpost::spool {

NewRecord make_record(RecordKind kind, base::Bytes meta, base::ByteView body)
{
    NewRecord record;
    record.header = {kind, static_cast<std::uint32_t>(meta.size()),
                     static_cast<std::uint32_t>(body.size()), crc32c(0, meta), crc32c(0, body)};
    record.meta = std::move(meta);
    record.body = body;
    return record;
}

} // namespace watchpost::spool
