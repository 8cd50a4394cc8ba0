// CPhoneNumbers: what we ask of libphonenumber, in C. It judges nothing: PhoneNumbers does.
//
// The library's own classes cannot be imported into Swift (its compiler crashes on them), so this is all that Swift sees.

#ifndef CPHONENUMBERS_H
#define CPHONENUMBERS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum cphone_outcome {
    CPHONE_VALID,
    CPHONE_UNKNOWN_RANGE,  // the right length, in no range that the metadata knows
    CPHONE_NOT_A_NUMBER,
    CPHONE_TOO_SHORT,
    CPHONE_TOO_LONG,
    CPHONE_UNKNOWN_COUNTRY_CODE,
};

enum cphone_kind {
    CPHONE_MOBILE,
    CPHONE_FIXED_OR_MOBILE,
    CPHONE_FIXED,
    CPHONE_TOLL_FREE,
    CPHONE_PREMIUM,
    CPHONE_INTERNET,
    CPHONE_OTHER,
};

// The texts end with a zero. All but `outcome` is filled only when it is one of the first two.
struct cphone_number {
    enum cphone_outcome outcome;
    enum cphone_kind kind;
    int calling_code;
    char region[4];          // ISO 3166-1 alpha-2; "001" for what belongs to no country
    char e164[24];           // "+85251234567"
    char international[40];  // "+852 5123 4567"
};

// Reads `length` bytes of ASCII digits, perhaps after a plus sign. `region` is where they were dialled: two letters, or
// "ZZ" for nowhere. Returns 0 when the library failed (no memory).
int cphone_read(const char *digits, size_t length, const char *region, struct cphone_number *result);

// The calling code of a region that the library knows, else 0.
int cphone_calling_code(const char *region);

// A made-up mobile number of the region as it is written there, for a form to show: "5123 4567". Returns 0 if there is none.
int cphone_example(const char *region, char result[40]);

#ifdef __cplusplus
}
#endif

#endif
