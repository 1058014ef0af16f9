/* SPDX-License-Identifier: MIT */
/* The XML of `xctrace export`, table time-profile, read piece by piece.
 *
 * Input (an element that was there before stands as a `ref` to its `id`, whatever it is
 * in; newer versions put the backtrace into a tagged-backtrace, which is referred to as
 * well; a row without a stack has a sentinel in its place):
 *
 *     <trace-query-result><node>
 *     <row><sample-time id="1">300613208</sample-time><weight id="2">1000000</weight>
 *       <backtrace id="3">
 *         <frame id="4" name="find" addr="0x1000"><binary id="5" name="map.so"/>
 *           <source line="39"><path id="6">/src/map.h</path></source></frame>
 *         <frame id="7" name="main" addr="0x2000"><binary ref="5"/></frame>
 *       </backtrace></row>
 *     <row><sample-time id="8">301613208</sample-time><weight ref="2"/>
 *       <backtrace ref="3"/></row>
 *     </node></trace-query-result>
 *
 * Output: two struct stack_sample of two frames, the innermost first, find at map.h:39. */
#include "xctrace_xml.h"

#include <expat.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_IDS = 1 << 24, TEXT_ROOM = 1024 };

enum kind { BACKTRACE, TAGGED, FRAME, BINARY, PATH, WEIGHT };

/* What has an id, and may be referred to. */
struct item {
    enum kind kind;
    char *text;         /* a name, a path, a number; or NULL */
    struct item *other; /* a frame's binary; a tagged backtrace's backtrace */
    struct item *path;  /* a frame's source file */
    uint64_t line;      /* in it */
    struct item **frames;
    size_t n_frames;
    bool is_kernel; /* of a binary */
    struct item *next;
};

struct xctrace_xml {
    XML_Parser parser;
    stack_taker *take;
    void *context;
    struct item **by_id, *all; /* those with an id; every one */
    size_t n_ids;
    bool is_in_row;
    const struct item *backtrace, *weight; /* of the row */
    struct item *in_backtrace, *in_tagged, *in_frame, *in_text;
    char text[TEXT_ROOM]; /* of in_text, so far */
    size_t n_text;
    uint64_t period_ns;
    struct stack_sample sample;
    struct complaint problem;
};

/* ---- items ---- */

static void stop(struct xctrace_xml *xml, const char *what)
{
    complain(&xml->problem, "%s", what);
    (void)XML_StopParser(xml->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static bool read_id(struct xctrace_xml *xml, const char *text, size_t *id)
{
    char *end;
    const unsigned long long number = strtoull(text, &end, 10);
    *id = (size_t)number;
    if (*text >= '0' && *text <= '9' && *end == '\0' && number < MOST_IDS)
        return true;
    stop(xml, "an id is no number below 2^24");
    return false;
}

static bool register_item(struct xctrace_xml *xml, size_t id, struct item *item)
{
    if (id >= xml->n_ids) {
        const size_t n = id < 512 ? 1024 : 2 * id;
        struct item **const longer = realloc(xml->by_id, n * sizeof(struct item *));
        if (longer == NULL) {
            stop(xml, "out of memory for its ids");
            return false;
        }
        for (size_t i = xml->n_ids; i < n; i++)
            longer[i] = NULL;
        xml->by_id = longer;
        xml->n_ids = n;
    }
    xml->by_id[id] = item;
    return true;
}

/* The element's own item: a new one, or what it refers to. *is_new unless that. */
static struct item *find_item(struct xctrace_xml *xml, enum kind kind,
                              const char **attributes, bool *is_new)
{
    const char *const ref = attribute(attributes, "ref");
    const char *const name = ref != NULL ? ref : attribute(attributes, "id");
    size_t id = 0;
    *is_new = ref == NULL;
    if (name != NULL && !read_id(xml, name, &id))
        return NULL;
    if (ref != NULL) {
        struct item *const old = id < xml->n_ids ? xml->by_id[id] : NULL;
        if (old == NULL || old->kind != kind) {
            stop(xml, "a ref is to nothing of its kind before it");
            return NULL;
        }
        return old;
    }
    struct item *const item = calloc(1, sizeof *item);
    if (item == NULL) {
        stop(xml, "out of memory for its rows");
        return NULL;
    }
    item->kind = kind;
    item->next = xml->all;
    xml->all = item;
    return name == NULL || register_item(xml, id, item) ? item : NULL;
}

static void add_frame(struct xctrace_xml *xml, struct item *frame)
{
    struct item *const to = xml->in_backtrace;
    if (to->n_frames == MOST_FRAMES + 1) /* one more, so that a cut is seen */
        return;
    struct item **const longer =
        realloc(to->frames, (to->n_frames + 1) * sizeof(struct item *));
    if (longer == NULL) {
        stop(xml, "out of memory for its stacks");
        return;
    }
    to->frames = longer;
    to->frames[to->n_frames++] = frame;
}

static void name_item(struct xctrace_xml *xml, struct item *item, const char *name)
{
    item->text = name != NULL ? strdup(name) : NULL;
    if (name != NULL && item->text == NULL)
        stop(xml, "out of memory for its names");
}

/* ---- elements ---- */

static void start_backtrace(struct xctrace_xml *xml, const char **attributes)
{
    bool is_new;
    struct item *const item = find_item(xml, BACKTRACE, attributes, &is_new);
    if (item == NULL)
        return;
    xml->backtrace = item;
    if (xml->in_tagged != NULL)
        xml->in_tagged->other = item;
    xml->in_backtrace = is_new ? item : NULL;
}

static void start_tagged(struct xctrace_xml *xml, const char **attributes)
{
    bool is_new;
    struct item *const item = find_item(xml, TAGGED, attributes, &is_new);
    if (item == NULL)
        return;
    xml->in_tagged = is_new ? item : NULL;
    if (!is_new)
        xml->backtrace = item->other;
}

/* Frames of old versions stand in the tagged backtrace itself. */
static void start_frame(struct xctrace_xml *xml, const char **attributes)
{
    bool is_new;
    if (xml->in_backtrace == NULL && xml->in_tagged != NULL) {
        static const char *none[] = {NULL};
        start_backtrace(xml, none);
    }
    if (xml->in_backtrace == NULL)
        return;
    struct item *const item = find_item(xml, FRAME, attributes, &is_new);
    if (item == NULL)
        return;
    if (is_new)
        name_item(xml, item, attribute(attributes, "name"));
    xml->in_frame = is_new ? item : NULL;
    add_frame(xml, item);
}

static void start_binary(struct xctrace_xml *xml, const char **attributes)
{
    bool is_new;
    if (xml->in_frame == NULL)
        return;
    struct item *const item = find_item(xml, BINARY, attributes, &is_new);
    if (item == NULL)
        return;
    xml->in_frame->other = item;
    if (!is_new)
        return;
    const char *const path = attribute(attributes, "path");
    name_item(xml, item, attribute(attributes, "name"));
    item->is_kernel =
        (item->text != NULL && strncmp(item->text, "kernel", 6) == 0) ||
        (path != NULL && strncmp(path, "/System/Library/Kernels/", 24) == 0);
}

static void start_text(struct xctrace_xml *xml, enum kind kind, const char **attributes)
{
    bool is_new;
    struct item *const item = find_item(xml, kind, attributes, &is_new);
    if (item == NULL)
        return;
    if (kind == PATH)
        xml->in_frame->path = item;
    else
        xml->weight = item;
    xml->in_text = is_new ? item : NULL;
    xml->n_text = 0;
}

static void start_element(void *context, const char *name, const char **attributes)
{
    struct xctrace_xml *const xml = context;
    if (strcmp(name, "row") == 0) {
        xml->is_in_row = true;
        xml->backtrace = xml->weight = NULL;
        xml->in_backtrace = xml->in_tagged = xml->in_frame = NULL;
    }
    if (!xml->is_in_row)
        return;
    if (strcmp(name, "backtrace") == 0)
        start_backtrace(xml, attributes);
    else if (strcmp(name, "tagged-backtrace") == 0)
        start_tagged(xml, attributes);
    else if (strcmp(name, "frame") == 0)
        start_frame(xml, attributes);
    else if (strcmp(name, "binary") == 0)
        start_binary(xml, attributes);
    else if (strcmp(name, "weight") == 0)
        start_text(xml, WEIGHT, attributes);
    else if (strcmp(name, "path") == 0 && xml->in_frame != NULL)
        start_text(xml, PATH, attributes);
    else if (strcmp(name, "source") == 0 && xml->in_frame != NULL &&
             attribute(attributes, "line") != NULL)
        xml->in_frame->line = strtoull(attribute(attributes, "line"), NULL, 10);
}

/* ---- a row's end ---- */

static const char *base_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void fill_frame(struct stack_frame *frame, const struct item *item)
{
    const struct item *const binary = item->other;
    const char *const name = item->text != NULL ? item->text : "";
    memset(frame, 0, sizeof *frame);
    if (strncmp(name, "0x", 2) != 0) /* else an address: it has no name */
        snprintf(frame->symbol, sizeof frame->symbol, "%s", name);
    if (binary != NULL && binary->text != NULL)
        snprintf(frame->object, sizeof frame->object, "%s", binary->text);
    frame->is_kernel = binary != NULL && binary->is_kernel;
    if (item->path != NULL && item->path->text != NULL && item->line > 0)
        snprintf(frame->where, sizeof frame->where, "%s:%" PRIu64,
                 base_of(item->path->text), item->line);
}

static void end_row(struct xctrace_xml *xml)
{
    struct stack_sample *const sample = &xml->sample;
    const struct item *const from = xml->backtrace;
    const size_t n = from != NULL ? from->n_frames : 0;
    snprintf(sample->event, sizeof sample->event, "time-profile");
    sample->period = xml->weight != NULL && xml->weight->text != NULL
                         ? strtoull(xml->weight->text, NULL, 10)
                         : 0;
    if (xml->period_ns == 0)
        xml->period_ns = sample->period;
    sample->is_cut = n > MOST_FRAMES;
    sample->n_frames = sample->is_cut ? MOST_FRAMES : n;
    for (size_t i = 0; i < sample->n_frames; i++)
        fill_frame(&sample->frames[i], from->frames[i]);
    xml->take(xml->context, sample);
    xml->is_in_row = false;
}

static void end_element(void *context, const char *name)
{
    struct xctrace_xml *const xml = context;
    if (!xml->is_in_row)
        return;
    if (xml->in_text != NULL &&
        (strcmp(name, "path") == 0 || strcmp(name, "weight") == 0)) {
        xml->text[xml->n_text] = '\0';
        name_item(xml, xml->in_text, xml->text);
        xml->in_text = NULL;
    } else if (strcmp(name, "frame") == 0) {
        xml->in_frame = NULL;
    } else if (strcmp(name, "backtrace") == 0) {
        xml->in_backtrace = NULL;
    } else if (strcmp(name, "tagged-backtrace") == 0) {
        xml->in_tagged = xml->in_backtrace = NULL;
    } else if (strcmp(name, "row") == 0) {
        end_row(xml);
    }
}

static void take_text(void *context, const char *text, int n)
{
    struct xctrace_xml *const xml = context;
    for (int i = 0; xml->in_text != NULL && i < n && xml->n_text + 1 < TEXT_ROOM; i++)
        xml->text[xml->n_text++] = text[i];
}

/* No table has one; entities could be defined in it. */
static void refuse_doctype(void *context, const char *name, const char *system,
                           const char *public_id, int has_internal)
{
    (void)name, (void)system, (void)public_id, (void)has_internal;
    stop(context, "it has a document type, which xctrace writes none of");
}

/* ---- the whole ---- */

struct xctrace_xml *xctrace_xml_create(stack_taker *take, void *context,
                                       struct complaint *complaint)
{
    struct xctrace_xml *const xml = calloc(1, sizeof *xml);
    if (xml != NULL)
        xml->parser = XML_ParserCreate(NULL);
    if (xml == NULL || xml->parser == NULL) {
        free(xml);
        complain(complaint, "out of memory for the XML of xctrace");
        return NULL;
    }
    xml->take = take;
    xml->context = context;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, start_element, end_element);
    XML_SetCharacterDataHandler(xml->parser, take_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, refuse_doctype);
    return xml;
}

void xctrace_xml_destroy(struct xctrace_xml *xml)
{
    if (xml == NULL)
        return;
    for (struct item *item = xml->all, *next; item != NULL; item = next) {
        next = item->next;
        free(item->text);
        free(item->frames);
        free(item);
    }
    free(xml->by_id);
    XML_ParserFree(xml->parser);
    free(xml);
}

bool xctrace_xml_bytes(struct xctrace_xml *xml, const char *bytes, size_t n, bool is_end,
                       struct complaint *complaint)
{
    if (XML_Parse(xml->parser, bytes, (int)n, is_end) == XML_STATUS_OK)
        return true;
    const char *const why = xml->problem.text[0] != '\0'
                                ? xml->problem.text
                                : XML_ErrorString(XML_GetErrorCode(xml->parser));
    return complain(complaint,
                    "xctrace export, line %lu: %s; another version of Xcode may do",
                    (unsigned long)XML_GetCurrentLineNumber(xml->parser), why);
}

uint64_t xctrace_xml_period_ns(const struct xctrace_xml *xml)
{
    return xml->period_ns;
}
