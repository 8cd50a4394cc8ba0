// The library logs to nowhere by itself (PhoneNumberUtil installs a NullLogger): no number reaches a log from here.
// No exception may reach Swift: each function catches them all.

#include "CPhoneNumbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using Util = i18n::phonenumbers::PhoneNumberUtil;

namespace {

template <size_t size> bool copy(const std::string &text, char (&result)[size]) {
    if (text.size() >= size) return false;
    std::memcpy(result, text.c_str(), text.size() + 1);
    return true;
}

cphone_outcome outcome(Util::ErrorType error) {
    switch (error) {
    case Util::INVALID_COUNTRY_CODE_ERROR: return CPHONE_UNKNOWN_COUNTRY_CODE;
    case Util::TOO_SHORT_AFTER_IDD:
    case Util::TOO_SHORT_NSN: return CPHONE_TOO_SHORT;
    case Util::TOO_LONG_NSN: return CPHONE_TOO_LONG;
    default: return CPHONE_NOT_A_NUMBER;
    }
}

cphone_outcome outcome(const Util &util, const PhoneNumber &number) {
    if (util.IsValidNumber(number)) return CPHONE_VALID;
    // Of a mobile number: a fixed line may have fewer digits, and then a digit that was forgotten would go unnoticed.
    switch (util.IsPossibleNumberForTypeWithReason(number, Util::MOBILE)) {
    case Util::IS_POSSIBLE: return CPHONE_UNKNOWN_RANGE;
    case Util::INVALID_COUNTRY_CODE: return CPHONE_UNKNOWN_COUNTRY_CODE;
    case Util::TOO_LONG: return CPHONE_TOO_LONG;
    case Util::TOO_SHORT:
    case Util::INVALID_LENGTH:                                  // between two lengths that there are
    case Util::IS_POSSIBLE_LOCAL_ONLY: return CPHONE_TOO_SHORT;  // without its area code
    default: return CPHONE_NOT_A_NUMBER;
    }
}

cphone_kind kind(Util::PhoneNumberType type) {
    switch (type) {
    case Util::MOBILE: return CPHONE_MOBILE;
    case Util::FIXED_LINE_OR_MOBILE: return CPHONE_FIXED_OR_MOBILE;
    case Util::FIXED_LINE: return CPHONE_FIXED;
    case Util::TOLL_FREE: return CPHONE_TOLL_FREE;
    case Util::PREMIUM_RATE:
    case Util::SHARED_COST: return CPHONE_PREMIUM;
    case Util::VOIP: return CPHONE_INTERNET;
    default: return CPHONE_OTHER;
    }
}

}  // namespace

int cphone_read(const char *digits, size_t length, const char *region, cphone_number *result) try {
    const Util &util = *Util::GetInstance();
    PhoneNumber number;
    const auto error = util.Parse(std::string(digits, length), region, &number);
    result->outcome = error == Util::NO_PARSING_ERROR ? outcome(util, number) : outcome(error);
    if (result->outcome != CPHONE_VALID && result->outcome != CPHONE_UNKNOWN_RANGE) return 1;
    std::string where, e164, international;
    util.GetRegionCodeForNumber(number, &where);
    if (where == "ZZ") util.GetRegionCodeForCountryCode(number.country_code(), &where);
    util.Format(number, Util::E164, &e164);
    util.Format(number, Util::INTERNATIONAL, &international);
    result->kind = kind(util.GetNumberType(number));
    result->calling_code = number.country_code();
    return copy(where, result->region) && copy(e164, result->e164) && copy(international, result->international);
} catch (...) {
    return 0;
}

int cphone_calling_code(const char *region) try {
    return Util::GetInstance()->GetCountryCodeForRegion(region);
} catch (...) {
    return 0;
}

int cphone_example(const char *region, char result[40]) try {
    const Util &util = *Util::GetInstance();
    PhoneNumber number;
    if (!util.GetExampleNumberForType(region, Util::MOBILE, &number)) return 0;
    std::string text;
    util.Format(number, Util::NATIONAL, &text);
    return copy(text, *reinterpret_cast<char(*)[40]>(result));
} catch (...) {
    return 0;
}
