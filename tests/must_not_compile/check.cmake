# Passes if the source does not compile and the compiler's words match the source's first line, "// expect: REGEX".
# The same source must compile with -DFIXED, or it could fail for any other reason.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../support/expected_words.cmake)
set(stage -fsyntax-only)
if(text MATCHES "asm volatile") # which the assembler judges
  set(stage -c -o /dev/null)
endif()
set(compile ${compiler} -std=c++20 ${stage} -I${root} -I${root}/losses/umbrella -I${root}/kernels/simt/umbrella
            -I${root}/kernels/simt/unavailable -pthread ${options} ${source})
execute_process(COMMAND ${compile} -DFIXED RESULT_VARIABLE result ERROR_VARIABLE words)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "With -DFIXED it must compile, and does not:\n${words}")
endif()
execute_process(COMMAND ${compile} RESULT_VARIABLE result ERROR_VARIABLE words)
if(result EQUAL 0)
  message(FATAL_ERROR "It compiles, and must not.")
endif()
if(NOT words MATCHES "${expected}")
  message(FATAL_ERROR "It does not compile, but not with the words '${expected}':\n${words}")
endif()
