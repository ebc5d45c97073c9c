# Builds the consumer against the installed package, and runs it.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${work})
# Beside the system's packages, none of this project's dependencies may be asked for.
set(hidden "")
foreach(package IN ITEMS Eigen3 nlohmann_json fmt CLI11 doctest benchmark ZLIB)
  list(APPEND hidden -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work} -G ${generator} ${hidden}
                        -D CMAKE_MAKE_PROGRAM=${ninja} -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_BUILD_TYPE=Release
                        -D CMAKE_PREFIX_PATH=${prefix} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${work} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${work}/consumer COMMAND_ERROR_IS_FATAL ANY)
