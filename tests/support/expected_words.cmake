# text: the source. expected: what its first line, "// expect: REGEX", says of the compiler's words, which are English.
file(READ ${source} text)
if(NOT text MATCHES "^// expect: ([^\n]+)")
  message(FATAL_ERROR "${source}: the first line must be '// expect: REGEX'")
endif()
set(expected "${CMAKE_MATCH_1}")
set(ENV{LC_ALL} C)
