/* SPDX-License-Identifier: MIT */
/* A shared object that is no subject. */

extern const int something_else;
__attribute__((visibility("default"))) const int something_else = 42;
