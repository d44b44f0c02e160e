# Warnings, hardening and sanitizers, the same for every target of ours.
add_library(watchpost_flags INTERFACE)
target_compile_options(watchpost_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -fstack-protector-strong -fno-omit-frame-pointer)

if(WATCHPOST_SANITIZER STREQUAL "address")
    target_compile_options(watchpost_flags INTERFACE
        -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all)
    target_link_options(watchpost_flags INTERFACE -fsanitize=address,undefined -fuse-ld=lld)
elseif(WATCHPOST_SANITIZER STREQUAL "thread")
    target_compile_options(watchpost_flags INTERFACE -fsanitize=thread)
    target_link_options(watchpost_flags INTERFACE -fsanitize=thread -fuse-ld=lld)
else()
    target_compile_definitions(watchpost_flags INTERFACE _GLIBCXX_ASSERTIONS _FORTIFY_SOURCE=2)
    target_compile_options(watchpost_flags INTERFACE -fcf-protection)
    target_link_options(watchpost_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
    find_program(MOLD mold)
    if(MOLD)
        target_link_options(watchpost_flags INTERFACE -fuse-ld=mold)
    endif()
endif()
