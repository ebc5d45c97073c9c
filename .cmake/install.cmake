include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wengert)

install(FILES wengert.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wengert)
install(EXPORT wengert NAMESPACE wengert:: FILE wengertTargets.cmake DESTINATION ${package_dir})

configure_package_config_file(.cmake/wengertConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/wengertConfig.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/wengertConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wengertConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/wengertConfigVersion.cmake .cmake/simt_kernels.cmake
        DESTINATION ${package_dir})
