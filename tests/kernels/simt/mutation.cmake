# wengert_mutation(TARGET NAME FILES files... [HEADERS files...] SOURCES files... [LINK targets...] REDUNDANT list
#                  [ARGUMENTS words...])
#
# The program TARGET, of the kernels FILES, of which each barrier, fence and wait can be left out, and those of the HEADERS
# that they include, and of SOURCES as they are; and the test NAME that leaves out each in turn and runs the program. See
# mutate.py. Not a part of wengert_tests, but of wengert_mutants.
add_custom_target(wengert_mutants)
add_library(mutation OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/mutation.cpp)
find_program(WENGERT_PYTHON3 python3)
set(WENGERT_MUTATE ${CMAKE_CURRENT_LIST_DIR}/mutate.py)

function(wengert_mutation target name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "REDUNDANT" "FILES;HEADERS;SOURCES;LINK;ARGUMENTS")
  if(NOT WENGERT_PYTHON3)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "[skipped] no python3 here")
    set_tests_properties(${name} PROPERTIES LABELS mutation SKIP_REGULAR_EXPRESSION "(^|\\n)\\\\[skipped\\\\] ")
    return()
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_guarded)
  set(files ${arg_FILES} ${arg_HEADERS})
  list(TRANSFORM arg_FILES REPLACE "^${PROJECT_SOURCE_DIR}" ${folder} OUTPUT_VARIABLE guarded)
  list(TRANSFORM files REPLACE "^${PROJECT_SOURCE_DIR}" ${folder} OUTPUT_VARIABLE written)
  add_custom_command(OUTPUT ${written} VERBATIM
    COMMAND ${WENGERT_PYTHON3} ${WENGERT_MUTATE} guard --root ${PROJECT_SOURCE_DIR} --out ${folder} ${files}
    DEPENDS ${WENGERT_MUTATE} ${files})
  add_executable(${target} EXCLUDE_FROM_ALL $<TARGET_OBJECTS:mutation>)
  simt_kernels(${target} ${guarded} ${arg_SOURCES})
  target_include_directories(${target} BEFORE PRIVATE ${folder})
  target_compile_options(${target} PRIVATE -O1)
  target_link_libraries(${target} PRIVATE wengert::simt_checked ${arg_LINK})
  add_dependencies(wengert_mutants ${target})
  add_test(NAME ${name}
    COMMAND ${WENGERT_PYTHON3} ${WENGERT_MUTATE} run --redundant ${CMAKE_CURRENT_SOURCE_DIR}/${arg_REDUNDANT} ${files}
            -- $<TARGET_FILE:${target}> ${arg_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES LABELS mutation TIMEOUT 1800)
endfunction()
