# Kernels of which each barrier, fence and wait can be left out, and tests that leave out each in turn: see mutate.py.
find_program(WENGERT_PYTHON3 python3)

# wengert_guard(TARGET files...): the object library TARGET of the .cu files among them, which find the others, their headers,
# as guarded copies.
function(wengert_guard target)
  set(here ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  list(TRANSFORM ARGN REPLACE "^${PROJECT_SOURCE_DIR}" ${folder} OUTPUT_VARIABLE copies)
  add_custom_command(OUTPUT ${copies} VERBATIM
    COMMAND ${WENGERT_PYTHON3} ${here}/mutate.py guard --root ${PROJECT_SOURCE_DIR} --out ${folder} ${ARGN}
    DEPENDS ${here}/mutate.py ${ARGN})
  add_library(${target}_switch OBJECT EXCLUDE_FROM_ALL ${here}/mutation.cpp) # apart from what is instrumented
  add_library(${target} OBJECT EXCLUDE_FROM_ALL)
  list(FILTER copies INCLUDE REGEX "\\.cu$")
  simt_kernels(${target} ${copies})
  target_include_directories(${target} BEFORE PRIVATE ${folder})
  target_compile_options(${target} PRIVATE -O1)
  target_link_libraries(${target} PUBLIC wengert::simt_checked PRIVATE ${target}_switch)
  target_sources(${target} INTERFACE $<TARGET_OBJECTS:${target}_switch>)
  set_target_properties(${target} PROPERTIES WENGERT_FILES "${ARGN}")
endfunction()

# wengert_mutation(NAME TARGET LIST command... [-- command...]): the test NAME runs the commands without each of the
# statements of TARGET's files. LIST names the redundant.
function(wengert_mutation name target redundant)
  get_target_property(files ${target} WENGERT_FILES)
  add_test(NAME ${name}
    COMMAND ${WENGERT_PYTHON3} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/mutate.py run --redundant ${redundant} ${files} -- ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS thorough TIMEOUT 1800 PROCESSORS 2)
endfunction()
