/* SPDX-License-Identifier: MIT */
/* The shapes of values that test_edges tries: sizes by alignments. */
#define NAME            v1_a1
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v1_a2
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v1_a4
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v1_a8
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v1_a16
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v1_a32
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v1_a64
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v1_a128
#define SHAPE_BYTES     1
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v3_a1
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v3_a2
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v3_a4
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v3_a8
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v3_a16
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v3_a32
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v3_a64
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v3_a128
#define SHAPE_BYTES     3
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v8_a1
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v8_a2
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v8_a4
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v8_a8
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v8_a16
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v8_a32
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v8_a64
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v8_a128
#define SHAPE_BYTES     8
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v24_a1
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v24_a2
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v24_a4
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v24_a8
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v24_a16
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v24_a32
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v24_a64
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v24_a128
#define SHAPE_BYTES     24
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v255_a1
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v255_a2
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v255_a4
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v255_a8
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v255_a16
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v255_a32
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v255_a64
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v255_a128
#define SHAPE_BYTES     255
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v4096_a1
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"
#define NAME            v4096_a2
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 2
#include "value_shape_body.h"
#define NAME            v4096_a4
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 4
#include "value_shape_body.h"
#define NAME            v4096_a8
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 8
#include "value_shape_body.h"
#define NAME            v4096_a16
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 16
#include "value_shape_body.h"
#define NAME            v4096_a32
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 32
#include "value_shape_body.h"
#define NAME            v4096_a64
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 64
#include "value_shape_body.h"
#define NAME            v4096_a128
#define SHAPE_BYTES     4096
#define SHAPE_ALIGNMENT 128
#include "value_shape_body.h"
#define NAME            v65536_a1
#define SHAPE_BYTES     65536
#define SHAPE_ALIGNMENT 1
#include "value_shape_body.h"

/* clang-format off */
#define EDGES_SHAPES(X)                                                                  \
    X(v1_a1)                                                                             \
    X(v1_a2)                                                                             \
    X(v1_a4) X(v1_a8) X(v1_a16) X(v1_a32) X(v1_a64) X(v1_a128) X(v3_a1) X(v3_a2)         \
        X(v3_a4) X(v3_a8) X(v3_a16) X(v3_a32) X(v3_a64) X(v3_a128) X(v8_a1) X(v8_a2)     \
            X(v8_a4) X(v8_a8) X(v8_a16) X(v8_a32) X(v8_a64) X(v8_a128) X(v24_a1)         \
                X(v24_a2) X(v24_a4) X(v24_a8) X(v24_a16) X(v24_a32) X(v24_a64)           \
                    X(v24_a128) X(v255_a1) X(v255_a2) X(v255_a4) X(v255_a8) X(v255_a16)  \
                        X(v255_a32) X(v255_a64) X(v255_a128) X(v4096_a1) X(v4096_a2)     \
                            X(v4096_a4) X(v4096_a8) X(v4096_a16) X(v4096_a32)            \
                                X(v4096_a64) X(v4096_a128) X(v65536_a1)
