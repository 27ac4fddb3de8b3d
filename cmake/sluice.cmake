# The four kinds of target. Include paths are the same everywhere: "base/result.h" for a library,
# "gateway/pipeline/pipeline.h" for a program's own header.

# sluice_library(NAME base SOURCES a.cpp PUBLIC dep PRIVATE dep): static library sluice_base from libs/base.
# SYSTEM dependencies (foreign targets) go to PRIVATE, so that they stay out of our headers.
function(sluice_library)
  cmake_parse_arguments(L "" "NAME" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(L_SOURCES)
    add_library(sluice_${L_NAME} STATIC ${L_SOURCES})
    target_include_directories(sluice_${L_NAME} PUBLIC ${CMAKE_SOURCE_DIR}/libs ${CMAKE_SOURCE_DIR})
    target_link_libraries(sluice_${L_NAME} PUBLIC ${L_PUBLIC} Threads::Threads PRIVATE ${L_PRIVATE})
  else()
    add_library(sluice_${L_NAME} INTERFACE)
    target_include_directories(sluice_${L_NAME} INTERFACE ${CMAKE_SOURCE_DIR}/libs ${CMAKE_SOURCE_DIR})
    target_link_libraries(sluice_${L_NAME} INTERFACE ${L_PUBLIC})
  endif()
  add_library(sluice::${L_NAME} ALIAS sluice_${L_NAME})
endfunction()

# What a user runs; `./dev build` makes these and none of the tests.
add_custom_target(programs)

# sluice_program(NAME sluice-gateway SOURCES main.cpp DEPS ...)
function(sluice_program)
  cmake_parse_arguments(P "" "NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(${P_NAME} ${P_SOURCES})
  target_link_libraries(${P_NAME} PRIVATE ${P_DEPS})
  target_compile_definitions(${P_NAME} PRIVATE SLUICE_VERSION="${PROJECT_VERSION}")
  set_target_properties(${P_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  add_dependencies(programs ${P_NAME})
endfunction()

# sluice_test(NAME unit_base SOURCES x_test.cpp DEPS sluice::base LABELS unit): one GoogleTest binary, one CTest
# entry; the binary finds its data under SLUICE_SOURCE_DIR.
function(sluice_test)
  cmake_parse_arguments(T "" "NAME;TIMEOUT" "SOURCES;DEPS;LABELS;ARGS" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  add_executable(${T_NAME} ${T_SOURCES})
  target_link_libraries(${T_NAME} PRIVATE ${T_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${T_NAME} PRIVATE SLUICE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             SLUICE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(${T_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${T_NAME} COMMAND ${T_NAME} ${T_ARGS})
  set_tests_properties(${T_NAME} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT})
endfunction()

# sluice_fuzz(NAME fuzz_client_hello SOURCE x.cpp CORPUS dir DEPS ...): a libFuzzer target under the fuzz preset;
# everywhere else a test that replays the committed corpus through the same entry point.
function(sluice_fuzz)
  cmake_parse_arguments(F "" "NAME;SOURCE;CORPUS" "DEPS" ${ARGN})
  if(SLUICE_FUZZ)
    add_executable(${F_NAME} ${F_SOURCE})
    target_link_options(${F_NAME} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${F_NAME} ${F_SOURCE} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME ${F_NAME} COMMAND ${F_NAME} ${F_CORPUS})
    set_tests_properties(${F_NAME} PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
  target_link_libraries(${F_NAME} PRIVATE ${F_DEPS})
  set_target_properties(${F_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endfunction()

find_package(GTest REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
