# wengert_embed(TARGET files...): makes each file a string constant of the target. page.css becomes
# wengert::assets::page_css, to be declared in a header.
function(wengert_embed target)
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file)
    cmake_path(GET file FILENAME name)
    string(MAKE_C_IDENTIFIER ${name} name)
    file(READ ${file} text)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
      "namespace wengert::assets {\nextern const char* const @name@;\nconst char* const @name@ = R\"asset(@text@)asset\";\n}\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    target_sources(${target} PRIVATE ${source})
  endforeach()
endfunction()
