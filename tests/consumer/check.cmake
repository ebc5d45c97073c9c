# Installs the build tree to a fresh prefix, builds the consumer against that, and runs it.
cmake_minimum_required(VERSION 3.25)
set(work ${build}/consumer)
file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work})
# Beside the system's packages, none of this project's dependencies may be asked for.
set(hidden "")
foreach(package IN ITEMS Eigen3 nlohmann_json fmt CLI11 doctest benchmark ZLIB)
  list(APPEND hidden -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${work}/prefix OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G ${generator} ${hidden}
                        -D CMAKE_MAKE_PROGRAM=${ninja} -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_BUILD_TYPE=Release
                        -D CMAKE_PREFIX_PATH=${work}/prefix COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${work}/build COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${work}/build/consumer COMMAND_ERROR_IS_FATAL ANY)
