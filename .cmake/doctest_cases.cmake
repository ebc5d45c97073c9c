# cmake -D program=... -D folder=... -D labels=... -D output=... -P doctest_cases.cmake
#
# Writes the ctest tests for a doctest program's cases. In place of doctest's own script, since that one takes the
# test properties through a command line, which a regular expression with a newline does not survive, and since a
# filter that matches no case passes there.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${program} --list-test-cases --no-colors=true OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "\\[doctest\\][^\n]*|====+" "" listing "${listing}")
if(listing MATCHES "\n([^\n]*[][;][^\n]*)")
  message(FATAL_ERROR "${folder}: test case '${CMAKE_MATCH_1}': CMake cannot handle brackets and semicolons in a name")
endif()
string(REGEX REPLACE "\n+" ";" names "${listing}")

set(script "")
set(seen "")
foreach(name IN LISTS names)
  if(name STREQUAL "")
    continue()
  endif()
  if(name IN_LIST seen)
    message(FATAL_ERROR "${folder}: two test cases are called '${name}'")
  endif()
  list(APPEND seen "${name}")
  string(REPLACE "," "\\," filter "${name}") # a bare comma separates filters
  string(APPEND script
    "add_test([==[${folder}: ${name}]==] [==[${program}]==] [==[--test-case=${filter}]==] --no-colors=true)\n"
    "set_tests_properties([==[${folder}: ${name}]==] PROPERTIES LABELS \"${labels}\" TIMEOUT 300\n"
    "  SKIP_REGULAR_EXPRESSION \"(^|\\n)\\\\[skipped\\\\] \" FAIL_REGULAR_EXPRESSION \"test cases: +0 \")\n")
  if(name MATCHES "^cost: ") # measures time: nothing else may run beside it
    string(APPEND script "set_tests_properties([==[${folder}: ${name}]==] PROPERTIES RUN_SERIAL ON)\n")
  endif()
endforeach()
file(WRITE ${output} "${script}")
