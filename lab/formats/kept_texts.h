/* SPDX-License-Identifier: MIT */
/* Texts that are kept once: equal ones are one pointer. */
#ifndef ONEMISS_LAB_FORMATS_KEPT_TEXTS_H
#define ONEMISS_LAB_FORMATS_KEPT_TEXTS_H

/* Zeroed to begin with. */
struct kept_texts {
    void *tree;
};

/* The one copy of the text, which stays until all are dropped; NULL without memory. */
const char *kept_text(struct kept_texts *texts, const char *text);

void kept_texts_drop(struct kept_texts *texts);

#endif
