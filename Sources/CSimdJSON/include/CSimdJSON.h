// Decoding of records into flat rows, in C++ because simdjson and the number conversions are: one call per record.
//
// Nothing here throws, and no call reads outside the bytes it is given or needs padding behind them.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a field's value is used for; a field may have several roles.
enum {
    MILLRACE_ROLE_NUMBER = 1,
    MILLRACE_ROLE_CATEGORY = 2,
    MILLRACE_ROLE_ID = 4,
    MILLRACE_ROLE_TIME = 8,
    MILLRACE_ROLE_LABEL = 16,
};

/// The outcome of a decode; the order is that of `BadRecordReason`.
enum {
    MILLRACE_GOOD = 0,
    MILLRACE_TOMBSTONE = 1,
    MILLRACE_EMPTY = 2,
    MILLRACE_INVALID_UTF8 = 3,
    MILLRACE_MALFORMED = 4,
    MILLRACE_WRONG_TYPE = 5,
    MILLRACE_NOT_FINITE = 6,
    MILLRACE_DUPLICATE_FIELD = 7,
    MILLRACE_BAD_TIME = 8,
    MILLRACE_TOO_DEEP = 9,
};

/// The JSON type of an id.
enum { MILLRACE_ID_NONE = 0, MILLRACE_ID_STRING = 1, MILLRACE_ID_NUMBER = 2, MILLRACE_ID_BOOLEAN = 3 };

/// How the label is read.
enum { MILLRACE_LABEL_BINARY = 0, MILLRACE_LABEL_CLASS = 1, MILLRACE_LABEL_NUMBER = 2 };

#define MILLRACE_ABSENT UINT32_MAX
#define MILLRACE_EXCERPT_BYTES 40

/// A piece of a row's `text`; `length` is `MILLRACE_ABSENT` when there is none.
typedef struct {
    uint32_t start, length;
} millrace_text;

/// One decoded record: flat, reused from record to record.
typedef struct {
    double *numbers;            // one per number slot, NaN when absent
    millrace_text *categories;  // one per category slot
    uint8_t *text;              // categories, label and id, one behind the other
    uint32_t number_count, category_count;
    uint32_t text_length, text_capacity;
    uint32_t absent_count;  // counted number fields that the record does not have
    int64_t time;           // milliseconds UTC, if `has_time`
    double label;
    millrace_text label_text, id;
    uint8_t has_time, id_kind;
    // Of a bad record: what was found where. `key` is the field's index in the plan or -1.
    uint8_t reason, excerpt_length;
    int32_t key;
    uint32_t offset;
    uint32_t cell_count;  // of a well-formed CSV record with too few or too many cells; otherwise 0
    uint8_t excerpt[MILLRACE_EXCERPT_BYTES];
} millrace_row;

/// A compiled plan with its parser. One thread at a time.
typedef struct millrace_decoder millrace_decoder;

/// A row with so many slots; NULL when there is no memory.
millrace_row *millrace_row_create(uint32_t number_count, uint32_t category_count);
void millrace_row_destroy(millrace_row *row);

/// A plan without fields; NULL when there is no memory. `positive` is the positive class of a binary label.
millrace_decoder *millrace_decoder_create(
    uint8_t label_kind, const uint8_t *positive, size_t positive_length, uint8_t time_in_seconds);
void millrace_decoder_destroy(millrace_decoder *decoder);
/// Adds a field and returns its index. Slots are -1 where the field does not have the role. `counted`: a missing value
/// counts as absent.
int32_t millrace_decoder_add_key(
    millrace_decoder *decoder, const uint8_t *name, size_t length, uint8_t roles, int32_t number_slot,
    int32_t category_slot, uint8_t counted);
/// Adds the next CSV column: the index of its field, or -1 for one that is not read.
void millrace_decoder_add_column(millrace_decoder *decoder, int32_t key);

/// Decodes one JSON record; the row's slots must be those of the plan. Returns the outcome, also kept in the row.
uint8_t millrace_decode_json(millrace_decoder *decoder, const uint8_t *bytes, size_t length, millrace_row *row);
/// Decodes one CSV record (a line without header, its line end optional) by the plan's columns.
uint8_t millrace_decode_csv(millrace_decoder *decoder, const uint8_t *bytes, size_t length, millrace_row *row);
/// The bytes the plan's structural index has room for; for tests of growing and shrinking.
size_t millrace_decoder_capacity(const millrace_decoder *decoder);

/// Writes `value` in the fewest digits that read back as the same double; `null` when it is not finite. At most 32
/// bytes; returns how many. It may touch 40 bytes of `output`.
size_t millrace_write_double(double value, uint8_t *output);
/// Writes `value` in decimal digits, at most 20 bytes; returns how many. It may touch 32 bytes of `output`.
size_t millrace_write_integer(int64_t value, uint8_t *output);
/// Whether `bytes` are exactly one JSON number, 1 or 0.
uint8_t millrace_is_json_number(const uint8_t *bytes, size_t length);
/// One cell of a CSV record: its bytes without quotes; `pairs` is 1 when it holds doubled quotes.
typedef struct {
    uint32_t start, length;
    uint8_t pairs;
} millrace_cell;
/// Splits one CSV record, its line end optional, into at most `most` cells. Returns how many there are, `most` + 1 when
/// there are more, or -1 when the quotes do not close.
int64_t millrace_split_cells(const uint8_t *bytes, size_t length, millrace_cell *cells, size_t most);
/// The search for the end of a record, which may go on when there are more bytes: zero but for `quotes` at first.
typedef struct {
    size_t scanned;      // bytes that are known not to hold the end
    size_t line_ends;    // line ends met so far, those in quotes included
    uint8_t quotes;      // 1: a line end in double quotes does not count (CSV)
    uint8_t in_quotes;
} millrace_record_scan;
/// The length of the first record in `bytes` with its line end, or 0 when it does not end there.
size_t millrace_record_length(const uint8_t *bytes, size_t length, millrace_record_scan *scan);
/// Whether `bytes` are UTF-8, 1 or 0.
uint8_t millrace_is_utf8(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
