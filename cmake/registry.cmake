# SPDX-License-Identifier: MIT
# One file to add: the files of a folder become a table, made anew at each build.

# Writes OUT, which defines `const struct TYPE *const all_TYPEs[]` and `n_TYPEs` over the
# symbols TYPE_<file> of the files FOLDER/<file>.c, and appends these to SOURCES.
function(onemiss_registry TYPE FOLDER SOURCES)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${FOLDER}/*.c)
  list(SORT files)
  set(text "/* Made by cmake/registry.cmake from ${FOLDER}/; do not edit. */\n")
  string(APPEND text "#include \"${TYPE}.h\"\n\n")
  set(rows "")
  list(LENGTH files n)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    string(APPEND text "extern const struct ${TYPE} ${TYPE}_${name};\n")
    string(APPEND rows "    &${TYPE}_${name},\n")
  endforeach()
  string(APPEND text "\nconst struct ${TYPE} *const all_${TYPE}s[] = {\n${rows}};\n")
  string(APPEND text "const size_t n_${TYPE}s = ${n};\n")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/registry_${FOLDER}.c)
  file(CONFIGURE OUTPUT ${out} CONTENT "${text}" @ONLY)
  set(${SOURCES} ${${SOURCES}} ${files} ${out} PARENT_SCOPE)
endfunction()
