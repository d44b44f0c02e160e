# How a module becomes a target.
#
#   watchpost_library(message
#       SOURCES reader.cc
#       HEADERS reader.h          # public: reachable by whoever links the target
#       DEPENDS base crypto       # our targets, declared before this one
#       LIBRARIES ICU::uc)        # foreign libraries; PRIVATE, never in a public header
#
# The folder is the one of the calling CMakeLists.txt. Each target has an include root of its own with
# nothing but its public headers, so an undeclared include does not compile; a dependency that is not
# declared yet stops the configuration, so a cycle cannot be written.

function(watchpost_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;DEPENDS;LIBRARIES" ${ARGN})
    foreach(dependency IN LISTS arg_DEPENDS)
        if(NOT TARGET ${dependency})
            message(FATAL_ERROR "${name} may not depend on ${dependency}: it stands higher or does not exist")
        endif()
    endforeach()
    file(RELATIVE_PATH path ${WATCHPOST_SOURCE_ROOT} ${CMAKE_CURRENT_SOURCE_DIR})

    set(public_root ${PROJECT_BINARY_DIR}/include-roots/${name})
    set(headers)
    foreach(header IN LISTS arg_HEADERS)
        set(link ${public_root}/${path}/${header})
        cmake_path(GET link PARENT_PATH folder)
        file(MAKE_DIRECTORY ${folder})
        file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${header} ${link} SYMBOLIC)
        list(APPEND headers ${link})
    endforeach()
    set(private_root ${PROJECT_BINARY_DIR}/include-roots/${name}.private)
    cmake_path(GET path PARENT_PATH parent)
    file(MAKE_DIRECTORY ${private_root}/${parent})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${private_root}/${path} SYMBOLIC)

    add_library(${name} STATIC ${arg_SOURCES})
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${public_root} FILES ${headers})
    target_include_directories(${name} PRIVATE ${private_root})
    target_link_libraries(${name} PUBLIC ${arg_DEPENDS} PRIVATE watchpost_flags ${arg_LIBRARIES})
    set_target_properties(${name} PROPERTIES
        OUTPUT_NAME watchpost_${name} WATCHPOST_PRIVATE_ROOT ${private_root})
    set_property(GLOBAL APPEND PROPERTY WATCHPOST_LIBRARIES ${name})
endfunction()

# Unit tests beside the unit: watchpost_test(message SOURCES tests/reader_test.cc DEPENDS message).
# Sees the private headers of the library of that name, too, and with CONFORMS_TO the conformance suite of an interface. Needs the build option WATCHPOST_TESTS.
function(watchpost_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES;CONFORMS_TO" ${ARGN})
    if(NOT WATCHPOST_TESTS)
        return()
    endif()
    set(target ${name}_tests)
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE watchpost_flags test_support ${arg_DEPENDS} ${arg_LIBRARIES}
        GTest::gtest GTest::gmock GTest::gtest_main)
    if(TARGET ${name})
        get_target_property(private_root ${name} WATCHPOST_PRIVATE_ROOT)
        target_include_directories(${target} PRIVATE ${private_root})
        target_link_libraries(${target} PRIVATE ${name})
    endif()
    foreach(interface IN LISTS arg_CONFORMS_TO) # its tests/conformance.h is ours to run
        get_target_property(interface_root ${interface} WATCHPOST_PRIVATE_ROOT)
        target_include_directories(${target} PRIVATE ${interface_root})
    endforeach()
    target_compile_definitions(${target} PRIVATE
        WATCHPOST_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared"
        WATCHPOST_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        WATCHPOST_BUILD_DIR="${PROJECT_BINARY_DIR}")
    gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT 900 LABELS "${name}")
    set_property(GLOBAL APPEND PROPERTY WATCHPOST_TEST_TARGETS ${target})
endfunction()

# A libFuzzer target (asan preset): watchpost_fuzzer(mime SOURCE fuzz_mime.cc DEPENDS message).
# Seeds lie in fuzz/seeds/<name>/, a dictionary in fuzz/<name>.dict where there is one. Like a test it
# sees the private headers of what it names.
function(watchpost_fuzzer name)
    cmake_parse_arguments(arg "" "SOURCE" "DEPENDS" ${ARGN})
    if(NOT WATCHPOST_SANITIZER STREQUAL "address")
        return()
    endif()
    add_executable(fuzz_${name} ${arg_SOURCE})
    target_link_libraries(fuzz_${name} PRIVATE watchpost_flags ${arg_DEPENDS})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    foreach(dependency IN LISTS arg_DEPENDS)
        get_target_property(private_root ${dependency} WATCHPOST_PRIVATE_ROOT)
        if(private_root)
            target_include_directories(fuzz_${name} PRIVATE ${private_root})
        endif()
    endforeach()
    add_fuzz_test(${name})
endfunction()

# One run of WATCHPOST_FUZZ_SECONDS as a test with the label "fuzz"; what it finds lies beside its corpus.
function(add_fuzz_test name)
    set(corpus ${CMAKE_CURRENT_BINARY_DIR}/corpus/${name})
    file(MAKE_DIRECTORY ${corpus} ${CMAKE_CURRENT_BINARY_DIR}/found)
    set(seeds)
    foreach(folder ${CMAKE_CURRENT_SOURCE_DIR}/seeds/${name} ${CMAKE_CURRENT_BINARY_DIR}/seeds/${name})
        if(EXISTS ${folder} OR folder MATCHES "^${CMAKE_CURRENT_BINARY_DIR}")
            file(MAKE_DIRECTORY ${folder})
            list(APPEND seeds ${folder})
        endif()
    endforeach()
    set(dictionary ${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict)
    if(EXISTS ${dictionary})
        set(dictionary_option -dict=${dictionary})
    endif()
    add_test(NAME fuzz_${name}
        COMMAND fuzz_${name} ${dictionary_option} -max_total_time=${WATCHPOST_FUZZ_SECONDS} -timeout=20
            -rss_limit_mb=6000 -malloc_limit_mb=6000 -verbosity=0 -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/found/
            ${corpus} ${seeds})
    # An inspector's address space is bounded: what asks malloc for more gets a null there, and here.
    set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT 600
        ENVIRONMENT ASAN_OPTIONS=allocator_may_return_null=1)
endfunction()
