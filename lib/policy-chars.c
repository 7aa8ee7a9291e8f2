/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Characters and names of the dialect. Only computes. */

#include "policy-chars.h"

#include "cleanup.h"
#include "str.h"

#define CONTROL "a control character is not allowed"
#define BIDI    "a bidirectional control makes the text look like another one"
#define BLANK   "a blank that is neither space nor tab"

static const struct char_fault not_utf8 = {0, 0, "not-utf8", "this is not valid UTF-8"};

/* In order: the first range that holds a character names it. */
static const struct char_fault faults[] = {
	{'\0', '\0', "nul", "a NUL byte is not allowed"},
	{'\r', '\r', "carriage-return", "lines end in a newline alone, without a carriage return"},
	{0x1, 0x8, "control-character", CONTROL},
	{0xb, 0x1f, "control-character", CONTROL},
	{0x7f, 0x9f, "control-character", CONTROL},
	{0x61c, 0x61c, "bidi-control", BIDI},
	{0x200e, 0x200f, "bidi-control", BIDI},
	{0x202a, 0x202e, "bidi-control", BIDI},
	{0x2066, 0x2069, "bidi-control", BIDI},
	{0x2028, 0x2029, "line-separator", "a Unicode line separator is not allowed"},
	{0xfeff, 0xfeff, "bom", "a byte order mark is not allowed"},
	{0xa0, 0xa0, "odd-blank", BLANK},
	{0x1680, 0x1680, "odd-blank", BLANK},
	{0x180e, 0x180e, "odd-blank", BLANK},
	{0x2000, 0x200b, "odd-blank", BLANK},
	{0x202f, 0x202f, "odd-blank", BLANK},
	{0x205f, 0x2060, "odd-blank", BLANK},
	{0x3000, 0x3000, "odd-blank", BLANK},
};

size_t policy_char(const char *bytes, size_t length, const struct char_fault **ret)
{
	uint32_t c;
	size_t n;

	*ret = NULL;
	if (is_plain(bytes[0]))
		return 1;
	n = str_utf8(bytes, length, &c);
	if (n == 0) {
		*ret = &not_utf8;
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		if (c < faults[i].first || c > faults[i].last)
			continue;
		*ret = &faults[i];
		break;
	}
	return n;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool is_label(const char *text, size_t length)
{
	if (length == 0 || text[0] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '-')
			return false;
	return true;
}

bool is_key_name(const char *text, size_t length)
{
	return is_label(text, length) && is_letter(text[0]);
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int escape_value(const char *text, size_t length)
{
	int high, low, value;

	if (length < ESCAPE_LENGTH || text[0] != '\\' || text[1] != 'x')
		return -1;
	high = hex_value(text[2]);
	low = hex_value(text[3]);
	if (high < 0 || low < 0)
		return -1;
	value = high * 16 + low;
	return value >= 0x20 && value <= 0x7e ? value : -1;
}

const struct char_fault *policy_value_char(const char *bytes, size_t length, bool first)
{
	static const struct char_fault value_faults[] = {
		{'"', '"', "quote", "quotes are not allowed; write \\x22"},
		{'\'', '\'', "quote", "a value may not begin with a quote; write \\x27"},
		{'#', '#', "comment-in-value",
			"no comment behind a value; for a \"#\" write \\x23"},
		{';', ';', "comment-in-value",
			"no comment behind a value; for a \";\" write \\x3b"},
		{'\\', '\\', "bad-escape",
			"the only escape is \\xHH with two hex digits, 20 to 7e"},
	};
	char c = bytes[0];

	if ((c == '\'' && !first) || (c == '\\' && escape_value(bytes, length) >= 0))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(value_faults); i++)
		if ((uint32_t)(unsigned char)c == value_faults[i].first)
			return &value_faults[i];
	return NULL;
}

bool policy_lower(const char *text, size_t length, char *ret)
{
	bool changed = false;

	for (size_t i = 0; i < length; i++) {
		bool upper = text[i] >= 'A' && text[i] <= 'Z';

		ret[i] = upper ? (char)(text[i] | 0x20) : text[i];
		changed = changed || upper;
	}
	ret[length] = '\0';
	return changed;
}
