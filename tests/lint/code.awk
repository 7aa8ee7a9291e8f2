# C without comments and without the contents of strings, into the same path below the folder `out`;
# lines stay where they are.

FNR == 1 {
	close(target)
	target = out "/" FILENAME
	comment = 0
	quote = ""
}

comment == 0 && /^[ \t]*#[ \t]*include/ {
	sub(/\/\*.*/, "")
	print > target
	next
}

# Most lines have neither.
comment == 0 && !/["'\/]/ {
	print > target
	next
}

{
	text = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (comment) {
			if (two == "*/") {
				comment = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote) {
				quote = ""
				text = text c
			}
		} else if (two == "/*") {
			comment = 1
			i++
		} else if (two == "//") {
			break
		} else {
			if (c == "\"" || c == "'")
				quote = c
			text = text c
		}
	}
	quote = ""
	print text > target
}
