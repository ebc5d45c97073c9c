# Builds the consumer against the installed package with the compiler, and runs it in both modes. One built by another
# compiler than the package must do too.
cmake_minimum_required(VERSION 3.25)
find_program(path ${compiler})
if(NOT path)
  message("[skipped] no ${compiler} here")
  return()
endif()
string(APPEND work -${compiler})
file(REMOVE_RECURSE ${work})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work} -G ${generator}
                        -D CMAKE_MAKE_PROGRAM=${ninja} -D CMAKE_CXX_COMPILER=${path} -D CMAKE_BUILD_TYPE=Release
                        -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${work} COMMAND_ERROR_IS_FATAL ANY)

function(expect program words)
  execute_process(COMMAND ${work}/${program} OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  message("${program}:\n${said}")
  if(NOT said MATCHES "${words}")
    message(FATAL_ERROR "${program} does not say '${words}'")
  endif()
endfunction()
expect(consumer_simt "^with barrier: right\nwithout: wrong\n$")
expect(consumer_simt_checked "^with barrier: right\nwithout: kernel reverse, block .* reverse\\.cu:[0-9]+: .*'copy'")
