# Passes if the compiler warns of each line that ends with "// warns", in words that match the source's first line,
# "// expect: REGEX", and of no other line.
cmake_minimum_required(VERSION 3.25)
find_program(path ${compiler})
if(NOT path)
  message("[skipped] no ${compiler} here")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/../support/expected_words.cmake)
execute_process(COMMAND ${path} -std=c++20 -fsyntax-only -I${root} ${source} ERROR_VARIABLE words COMMAND_ERROR_IS_FATAL ANY)

function(count result regex where)
  string(REGEX MATCHALL "${regex}" found "${where}")
  list(LENGTH found number)
  set(${result} ${number} PARENT_SCOPE)
endfunction()
count(marks "// warns" "${text}")
count(warnings "warning: " "${words}")
count(right "warning: [^\n]*${expected}" "${words}")
count(shown "// warns" "${words}") # a compiler shows the line that it warns of
if(NOT marks GREATER 0 OR NOT "${warnings} ${right} ${shown}" STREQUAL "${marks} ${marks} ${marks}")
  message(FATAL_ERROR "${marks} lines are marked; ${warnings} warnings, ${right} with the words, ${shown} at a mark:\n${words}")
endif()
