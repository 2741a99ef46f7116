# What `cmake --install` puts where, by component, and Debian packages of it:
#   cmake --preset package && cmake --build --preset package && (cd build/package && cpack)
#   command      gruve, gruve-plugins, factory presets with their cards
#   plugins      VST3, LV2 and LADSPA plugins
#   library      libgruve.so.0
#   development  headers, archives, CMake and pkg-config files
include(GNUInstallDirs)
foreach(program gruve gruve_plugins)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME COMPONENT command)
  endif()
endforeach()
foreach(folder . float)
  set(from ${PROJECT_SOURCE_DIR}/presets/${folder})
  file(GLOB presets CONFIGURE_DEPENDS ${from}/*.gruve ${from}/*.md)
  install(FILES ${presets} DESTINATION ${CMAKE_INSTALL_DATADIR}/gruve/presets/${folder} COMPONENT command)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/presets/numbers.txt
  DESTINATION ${CMAKE_INSTALL_DATADIR}/gruve/presets COMPONENT command)
if(TARGET gruve_lv2)
  install(TARGETS gruve_lv2 LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lv2/gruve-denoise.lv2 COMPONENT plugins)
  install(FILES ${PROJECT_BINARY_DIR}/lv2/gruve-denoise.lv2/manifest.ttl
      ${PROJECT_BINARY_DIR}/lv2/gruve-denoise.lv2/gruve.ttl
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/lv2/gruve-denoise.lv2 COMPONENT plugins)
  install(TARGETS gruve_words LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lv2/gruve-words.lv2 COMPONENT plugins)
  install(FILES ${PROJECT_BINARY_DIR}/lv2/gruve-words.lv2/manifest.ttl
      ${PROJECT_BINARY_DIR}/lv2/gruve-words.lv2/words.ttl
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/lv2/gruve-words.lv2 COMPONENT plugins)
endif()
if(TARGET gruve_ladspa)
  install(TARGETS gruve_ladspa LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/ladspa COMPONENT plugins)
  install(FILES ${PROJECT_SOURCE_DIR}/plugin/ladspa/pipewire-gruve.conf
    DESTINATION ${CMAKE_INSTALL_DATADIR}/gruve COMPONENT plugins)
  # SoX looks in lib/ladspa, PipeWire in the architecture's own folder.
  if(NOT CMAKE_INSTALL_LIBDIR STREQUAL "lib")
    file(RELATIVE_PATH architecture /lib /${CMAKE_INSTALL_LIBDIR})
    install(CODE "
      set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/ladspa\")
      file(MAKE_DIRECTORY \"\${folder}\")
      file(CREATE_LINK ../${architecture}/ladspa/gruve_ladspa.so \"\${folder}/gruve_ladspa.so\" SYMBOLIC)"
      COMPONENT plugins)
  endif()
endif()
if(TARGET gruve_plugin_VST3)
  # VST3 hosts look in lib/vst3 alone, not in the architecture's own folder.
  set(artefacts ${PROJECT_BINARY_DIR}/plugin/gruve_plugin_artefacts/${CMAKE_BUILD_TYPE})
  install(DIRECTORY ${artefacts}/VST3/ USE_SOURCE_PERMISSIONS DESTINATION lib/vst3 COMPONENT plugins)
  install(DIRECTORY ${artefacts}/LV2/ USE_SOURCE_PERMISSIONS DESTINATION ${CMAKE_INSTALL_LIBDIR}/lv2 COMPONENT plugins)
  # install(DIRECTORY) strips nothing by itself.
  install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
      set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
      file(GLOB_RECURSE modules \"\${prefix}/lib/vst3/Gruve.vst3/*.so\"
        \"\${prefix}/${CMAKE_INSTALL_LIBDIR}/lv2/Gruve.lv2/*.so\")
      execute_process(COMMAND ${CMAKE_STRIP} \${modules} COMMAND_ERROR_IS_FATAL ANY)
    endif()" COMPONENT plugins)
endif()

if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
# Each package has a folder of documents of its own, as Debian wants it.
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH fixes it
configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog.in debian/changelog @ONLY)
execute_process(COMMAND gzip -9n INPUT_FILE ${PROJECT_BINARY_DIR}/debian/changelog
  OUTPUT_FILE ${PROJECT_BINARY_DIR}/debian/changelog.gz)
foreach(package "gruve;command" "libgruve0;library" "libgruve-dev;development")
  list(GET package 0 name)
  list(GET package 1 component)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/debian/copyright ${PROJECT_BINARY_DIR}/debian/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Gruve <gruve@gruve.audio>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://gruve.audio")
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
include(CPackComponent)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME gruve)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libgruve0)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
# Who links the library depends on it; and ldconfig runs.
file(CONFIGURE OUTPUT debian/shlibs CONTENT "libgruve 0 libgruve0 (>= ${PROJECT_VERSION})\n")
file(CONFIGURE OUTPUT debian/triggers CONTENT "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
  ${PROJECT_BINARY_DIR}/debian/shlibs ${PROJECT_BINARY_DIR}/debian/triggers)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libgruve-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libgruve0 (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "denoisers and word spotters made of small quantised networks
The gruve command trains, searches and plays them. VST3, LV2 and LADSPA
 plugins put the factory presets on live audio.")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "library that plays Gruve presets on live audio
 A C interface to denoisers and word spotters of small integer networks.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "library that plays Gruve presets on live audio (development files)
 Headers, archive, CMake and pkg-config files of libgruve.")
include(CPack)
cpack_add_component_group(program)
cpack_add_component_group(runtime)
cpack_add_component_group(dev)
cpack_add_component(command GROUP program)
cpack_add_component(plugins GROUP program)
cpack_add_component(library GROUP runtime)
cpack_add_component(development GROUP dev)
