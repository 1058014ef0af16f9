# SPDX-License-Identifier: MIT
# cmake -DPROGRAM=.../example_map -P check_output.cmake: runs an example, and fails unless it
# ends with 0 and prints what the comment at the top of its source says.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${code}")
endif()
get_filename_component(name ${PROGRAM} NAME_WE)
string(REGEX REPLACE "^example_" "" name ${name})
file(GLOB source ${CMAKE_CURRENT_LIST_DIR}/${name}.c*)
file(READ ${source} text)
string(REGEX MATCH "\n \\* Prints:\n(( \\*     [^\n]*\n)+) \\*/" match "${text}")
string(REGEX REPLACE "(^|\n) \\*     " "\\1" promised "${CMAKE_MATCH_1}")
if(NOT match OR NOT printed STREQUAL promised)
  message(FATAL_ERROR "printed:\n${printed}\nits comment says:\n${promised}")
endif()
